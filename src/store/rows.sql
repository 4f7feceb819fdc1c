-- Digests of the rows that practice is made from (see row_digest.rs). Those of a version before this one are taken as
-- they are.
ALTER TABLE review ADD COLUMN digest INTEGER;
ALTER TABLE memory ADD COLUMN digest INTEGER;
ALTER TABLE remark ADD COLUMN digest INTEGER;
ALTER TABLE suspension ADD COLUMN digest INTEGER;

UPDATE review SET digest = row_digest('review', person, deck, question, session, slot, wall, day, grade, score,
    confidence, mode, competency, seconds, nth, blank);
UPDATE memory SET digest = row_digest('memory', person, deck, question, due, stability, difficulty, last, reviews,
    lapses, recalled, score, confidence, mode, competency, seconds, answered);
UPDATE remark SET digest = row_digest('remark', person, deck, question, kind, text, wall, session);
UPDATE suspension SET digest = row_digest('suspension', person, deck, question, state, session);
