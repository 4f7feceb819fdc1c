-- The questions that a person has seen, in the order of their latest showing: they are listed newest first.
CREATE INDEX exposure_in_order ON exposure (person, nth);
