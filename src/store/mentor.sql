-- Who sat at which seat of a mentor's session, and people who were forgotten.

ALTER TABLE person ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;   -- 1: a number that seats still refer to, and no name

CREATE TABLE attendance (
    session INTEGER NOT NULL REFERENCES session (key),
    seat    INTEGER NOT NULL,
    person  INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (session, seat)
) STRICT, WITHOUT ROWID;

CREATE INDEX attendance_of_person ON attendance (person, session);

INSERT INTO attendance (session, seat, person)
SELECT session.key, place.key, place.value
FROM session, json_each(iif(json_valid(start ->> '$.setup'), start ->> '$.setup', '{}'), '$.people') AS place
WHERE mode = 'mentor' AND place.value IN (SELECT id FROM person);

CREATE INDEX session_of_mode ON session (mode, id);

-- An event is overwritten by the placeholder alone, and only while somebody who sat there is being erased.
DROP TRIGGER event_stays_as_it_is;
CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event
WHEN NOT EXISTS (
    SELECT 1 FROM attendance JOIN person ON person.id = attendance.person
    WHERE attendance.session = OLD.session AND person.erasing = 1
)
OR NEW.session <> OLD.session OR NEW.sequence <> OLD.sequence OR NEW.wall <> OLD.wall
OR NEW.body ->> '$.what' IS NOT 'erased' OR NEW.body ->> '$.at' IS NOT OLD.body ->> '$.at'
BEGIN
    SELECT RAISE(ABORT, 'an event is never changed');
END;
