-- What practice is made from. All of it follows from the events and can be derived again.

-- A graded answer; a later grade of the same slot takes the place of an earlier one.
CREATE TABLE review (
    person     INTEGER NOT NULL REFERENCES person (id),
    deck       TEXT NOT NULL,
    question   TEXT NOT NULL,
    session    INTEGER NOT NULL REFERENCES session (key),
    slot       INTEGER NOT NULL,
    wall       INTEGER NOT NULL,
    day        INTEGER NOT NULL,           -- of the person's calendar, from 1 January 1970
    grade      TEXT NOT NULL,
    score      REAL NOT NULL,              -- 0 to 1
    confidence INTEGER,                    -- 0 guess to 3 sure
    mode       TEXT NOT NULL,
    competency TEXT NOT NULL,
    seconds    INTEGER NOT NULL,           -- fair time of the question
    PRIMARY KEY (person, deck, question, session, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX review_of_day ON review (person, day);
CREATE INDEX review_of_session ON review (session);

-- What the reviews of a question add up to, by the scheduler of the version in `derived`.
CREATE TABLE memory (
    person     INTEGER NOT NULL REFERENCES person (id),
    deck       TEXT NOT NULL,
    question   TEXT NOT NULL,
    due        INTEGER NOT NULL,           -- a day, with the interview in mind
    stability  REAL NOT NULL,
    difficulty REAL NOT NULL,
    last       INTEGER NOT NULL,           -- the day of the last review
    reviews    INTEGER NOT NULL,
    lapses     INTEGER NOT NULL,
    recalled   INTEGER NOT NULL,           -- reviews after the first one that were not `again`
    score      REAL NOT NULL,              -- of the last review, as are the next two
    confidence INTEGER,
    mode       TEXT NOT NULL,
    competency TEXT NOT NULL,
    seconds    INTEGER NOT NULL,
    PRIMARY KEY (person, deck, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX memory_due ON memory (person, due, seconds);
CREATE INDEX memory_wrong ON memory (person, last) WHERE score < 1.0;
CREATE INDEX memory_sure_and_wrong ON memory (person, last) WHERE score < 1.0 AND confidence = 3;
CREATE INDEX memory_of_competency ON memory (person, competency, score);

-- What a person said of a question: a note, why it is wrong (dispute), or that they flagged it.
CREATE TABLE remark (
    person   INTEGER NOT NULL REFERENCES person (id),
    deck     TEXT NOT NULL,
    question TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('note', 'dispute', 'flag')),
    text     TEXT NOT NULL,
    wall     INTEGER NOT NULL,
    session  INTEGER NOT NULL REFERENCES session (key),
    PRIMARY KEY (person, kind, deck, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX remark_of_session ON remark (session);

-- The day of a person's interview that `memory.due` has in mind.
CREATE TABLE interview (
    person INTEGER PRIMARY KEY REFERENCES person (id),
    day    INTEGER NOT NULL
) STRICT;

-- The versions by which the tables above were derived; no row before they ever were.
CREATE TABLE derived (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    reviews   INTEGER NOT NULL,
    scheduler INTEGER NOT NULL
) STRICT;

-- Where there is no session yet nothing has to be derived.
INSERT INTO derived (one, reviews, scheduler) SELECT 1, 1, 1 WHERE NOT EXISTS (SELECT 1 FROM session);
