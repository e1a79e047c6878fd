-- What everyone approved is rejected no more: it waits for its agreement, is cancelled or expires.
ALTER TABLE purchase_transition DROP CONSTRAINT purchase_transition_allowed;
ALTER TABLE purchase_transition ADD CONSTRAINT purchase_transition_allowed CHECK (CASE COALESCE(from_state, 'none')
    WHEN 'none' THEN to_state IN ('requested', 'agreed', 'active')
    WHEN 'requested' THEN to_state IN ('returned', 'approved', 'rejected', 'ended')
    WHEN 'returned' THEN to_state IN ('requested', 'ended')
    WHEN 'approved' THEN to_state IN ('agreed', 'ended')
    WHEN 'agreed' THEN to_state IN ('active', 'ended')
    WHEN 'active' THEN to_state = 'ended'
    ELSE false END);
