-- The party that a catalogue means by a publisher or contact point, {name, identifier}: whoever is registered under its unified
-- social credit code, else the body that the source calls so. Null: it is not known yet.
CREATE OR REPLACE FUNCTION catalogue_party(source text, body jsonb) RETURNS uuid LANGUAGE sql STABLE
RETURN COALESCE(
    (SELECT id FROM party WHERE length(body->>'identifier') = 18 AND scheme = 'uscc' AND identifier = body->>'identifier'),
    (SELECT id FROM party WHERE scheme = 'catalogue'
        AND identifier = source || ':' || COALESCE(body->>'identifier', body->>'name')));
