-- What both sides are told of a purchase that came into a state.
CREATE OR REPLACE FUNCTION transition_words(state text, ended_as text) RETURNS TABLE (zh text, en text)
LANGUAGE sql IMMUTABLE AS $$
    SELECT word.zh, word.en
    FROM (VALUES ('requested', NULL, '已申请，待审批', 'requested, to be decided'),
        ('returned', NULL, '申请退回补正', 'returned to be completed'), ('approved', NULL, '申请已批准', 'approved'),
        ('rejected', NULL, '申请未获批准', 'rejected'), ('agreed', NULL, '协议已成立', 'agreed'),
        ('active', NULL, '使用权已生效', 'active'), ('ended', 'expired', '已到期结束', 'ended: expired'),
        ('ended', 'cancelled', '已取消', 'ended: cancelled'), ('ended', 'terminated', '因违约终止', 'ended: terminated for breach'),
        ('ended', 'refunded', '已退款结束', 'ended: refunded')) AS word (state, ended_as, zh, en)
    WHERE word.state = transition_words.state
        AND word.ended_as IS NOT DISTINCT FROM CASE WHEN transition_words.state = 'ended' THEN transition_words.ended_as END
$$;
