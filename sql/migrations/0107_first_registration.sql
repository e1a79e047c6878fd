-- Who sells a product must apply for its registrations within the days after it came to the market.
UPDATE credential_transition SET meets = 'registration_first'
WHERE procedure = 'registration' AND from_state = 'draft' AND to_state IN ('submitted', 'in_force');
