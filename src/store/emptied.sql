-- The numbers of transactions whose journal was emptied when a person was forgotten. Another process that has the history
-- open looks for its last transaction in the journal, and finds it here.
CREATE TABLE emptied_journal (
    number BLOB NOT NULL
) STRICT;
