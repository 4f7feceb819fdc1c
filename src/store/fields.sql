-- The text being typed into a field that is no answer, such as a note; replaced at each key. It stays when the session
-- is closed, because notes are written afterwards, too.
CREATE TABLE field_draft (
    session INTEGER NOT NULL REFERENCES session (key),
    field   TEXT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (session, field)
) STRICT, WITHOUT ROWID;
