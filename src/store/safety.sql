-- What shows damage and mixed-up files: digests of what is kept beside the events, and a mark that pairs the database
-- with its journal (see pairing.rs).

-- Null where a version before this one wrote the row.
ALTER TABLE result ADD COLUMN digest INTEGER;
ALTER TABLE question ADD COLUMN digest INTEGER;

CREATE TABLE pairing (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    mark BLOB NOT NULL                     -- a title, the random number before, the random number now
) STRICT;

INSERT INTO pairing (one, mark) VALUES (1, unhex(hex('aethos pair mark') || '0000000000000000' || hex(randomblob(8))));
