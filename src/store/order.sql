-- The order in which things happened, which the wall clock cannot tell; and questions that practice leaves out.

-- Counts up with every change that has a place in the order.
CREATE TABLE turn (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    n   INTEGER NOT NULL
) STRICT;

-- When a session was finished or discarded; the largest number while it is open.
ALTER TABLE session ADD COLUMN closed INTEGER NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE review ADD COLUMN nth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exposure ADD COLUMN nth INTEGER NOT NULL DEFAULT 0;
-- The day on which memories were derived, and how many reviews were dated after it: the clock was wrong.
ALTER TABLE derived ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE derived ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;

CREATE INDEX session_in_order ON session (person, mode, closed);

-- Sessions were numbered as they began, results as they were made.
UPDATE session SET closed = key WHERE state <> 'open';
WITH begun AS (
    SELECT key, row_number() OVER (ORDER BY key) AS n FROM session WHERE key IN (SELECT session FROM result)
), scored AS (
    SELECT session, row_number() OVER (ORDER BY min(key)) AS n FROM result GROUP BY session
)
UPDATE session SET closed = (SELECT begun.key FROM begun JOIN scored USING (n) WHERE scored.session = session.key)
WHERE state <> 'open' AND key IN (SELECT session FROM result);

-- Within sessions only the clock tells the order. Where a session is dated after one that began later, the clock was
-- wrong, and nothing in it came after the beginning of the later one.
CREATE TEMP TABLE latest AS
SELECT key AS session,
    iif(started_at > min(started_at) OVER later, min(started_at) OVER later, 9223372036854775807) AS wall
FROM session
WINDOW later AS (ORDER BY key ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING);
CREATE UNIQUE INDEX latest_of_session ON latest (session);

CREATE TEMP TABLE ordered AS
SELECT person, deck, question, session, slot,
    row_number() OVER (ORDER BY min(review.wall, latest.wall), session, slot) AS nth
FROM review JOIN latest USING (session);
CREATE UNIQUE INDEX ordered_reviews ON ordered (person, deck, question, session, slot);
UPDATE review SET nth = ordered.nth FROM ordered
WHERE (review.person, review.deck, review.question, review.session, review.slot)
    = (ordered.person, ordered.deck, ordered.question, ordered.session, ordered.slot);
DROP TABLE ordered;

CREATE TEMP TABLE ordered AS
SELECT person, deck, question, fingerprint, row,
    row_number() OVER (ORDER BY min(exposure.wall, latest.wall), session, deck, question) AS nth
FROM exposure JOIN latest USING (session);
CREATE UNIQUE INDEX ordered_exposures ON ordered (person, deck, question, fingerprint, row);
UPDATE exposure SET nth = ordered.nth FROM ordered
WHERE (exposure.person, exposure.deck, exposure.question, exposure.fingerprint, exposure.row)
    = (ordered.person, ordered.deck, ordered.question, ordered.fingerprint, ordered.row);
DROP TABLE ordered;
DROP TABLE latest;

INSERT INTO turn (one, n) SELECT 1, max(
    (SELECT coalesce(max(key), 0) FROM session),
    (SELECT coalesce(max(nth), 0) FROM review),
    (SELECT coalesce(max(nth), 0) FROM exposure)
);

-- Questions that practice does not ask; `state` 0 asks one again although the person disputes it.
CREATE TABLE suspension (
    person   INTEGER NOT NULL REFERENCES person (id),
    deck     TEXT NOT NULL,
    question TEXT NOT NULL,
    state    INTEGER NOT NULL CHECK (state IN (0, 1)),
    session  INTEGER NOT NULL REFERENCES session (key),
    PRIMARY KEY (person, deck, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX suspension_of_session ON suspension (session);
