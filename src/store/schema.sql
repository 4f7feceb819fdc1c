-- Moments are Unix milliseconds of the wall clock; the time charged to a session is in its events.

CREATE TABLE person (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    folded  TEXT NOT NULL UNIQUE,          -- the name in lower case: no two differ in case only
    erasing INTEGER NOT NULL DEFAULT 0     -- 1 only inside the transaction that erases the person
) STRICT;

INSERT INTO person (id, name, folded) VALUES (1, 'you', 'you');

CREATE TABLE session (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,      -- sorts by the time the session was started
    person      INTEGER NOT NULL REFERENCES person (id),
    mode        TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished', 'discarded')),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    digest      INTEGER NOT NULL,
    -- Last, since it is long and a list of sessions does not read it.
    start       TEXT NOT NULL              -- form, limit, multiplier and setup as JSON
) STRICT;

CREATE INDEX session_of_person ON session (person, id);
CREATE INDEX session_open ON session (person, id) WHERE state = 'open';

CREATE TABLE event (
    session  INTEGER NOT NULL REFERENCES session (key),
    sequence INTEGER NOT NULL,             -- from 0, without holes
    wall     INTEGER NOT NULL,
    digest   INTEGER NOT NULL,
    body     TEXT NOT NULL,                -- JSON
    PRIMARY KEY (session, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'an event is never changed');
END;

CREATE TRIGGER event_stays BEFORE DELETE ON event
WHEN NOT EXISTS (
    SELECT 1 FROM session JOIN person ON person.id = session.person
    WHERE session.key = OLD.session AND person.erasing = 1
)
BEGIN
    SELECT RAISE(ABORT, 'an event is deleted only with its person');
END;

-- The text being typed, replaced at each key.
CREATE TABLE draft (
    session INTEGER NOT NULL REFERENCES session (key),
    slot    INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (session, slot)
) STRICT, WITHOUT ROWID;

-- What was asked, so that a session outlives the deck it was drawn from.
CREATE TABLE question (
    fingerprint BLOB NOT NULL PRIMARY KEY,
    deck        TEXT NOT NULL,
    id          TEXT NOT NULL,
    source      TEXT NOT NULL
) STRICT;

CREATE TABLE exposure (
    person      INTEGER NOT NULL REFERENCES person (id),
    deck        TEXT NOT NULL,
    question    TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    row         INTEGER NOT NULL,
    times       INTEGER NOT NULL,          -- sessions in which it was shown
    wall        INTEGER NOT NULL,          -- when it was shown last
    mode        TEXT NOT NULL,
    session     INTEGER NOT NULL REFERENCES session (key),
    PRIMARY KEY (person, deck, question, fingerprint, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX exposure_of_session ON exposure (session);

-- Scores derived from events. A later scoring is added, never put in the place of an earlier one.
CREATE TABLE result (
    key       INTEGER PRIMARY KEY,
    session   INTEGER NOT NULL REFERENCES session (key),
    scored_at INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,               -- JSON
    UNIQUE (session, scored_at, version)
) STRICT;
