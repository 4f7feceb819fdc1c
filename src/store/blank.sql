-- Questions of an assessment that were left without an answer are scheduled for practice, but they are no answers.
ALTER TABLE review ADD COLUMN blank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memory ADD COLUMN answered INTEGER NOT NULL DEFAULT 0; -- reviews that are not blank
DROP INDEX review_of_day;
CREATE INDEX review_of_day ON review (person, day, blank);
DROP INDEX memory_of_competency;
CREATE INDEX memory_of_competency ON memory (person, competency, score, answered);
