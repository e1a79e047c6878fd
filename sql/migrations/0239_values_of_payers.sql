-- What nothing is contracted for has no currency in the totals, so that behind a value there are those who pay. They are made anew by
-- the next turn; what they hold of use stays.
UPDATE adoption_progress SET position = -1, is_made = false;
