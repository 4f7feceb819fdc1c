-- Digests of the rows that say who took part in which session, and of the state of sessions (see row_digest.rs).
ALTER TABLE person ADD COLUMN digest INTEGER;
ALTER TABLE attendance ADD COLUMN digest INTEGER;
ALTER TABLE session ADD COLUMN row_digest INTEGER;

UPDATE person SET digest = row_digest('person', id, name, folded, forgotten);
UPDATE attendance SET digest = row_digest('attendance', session, seat, person);
UPDATE session SET row_digest = row_digest('session', id, person, mode, state, closed);
