-- Names that the person gave to sessions, and finished sessions that were deleted: those are discarded, and can be
-- restored with the moment at which they were finished.
CREATE TABLE session_name (
    session INTEGER PRIMARY KEY REFERENCES session (key),
    name    TEXT NOT NULL
) STRICT;

CREATE TABLE deleted_session (
    session     INTEGER PRIMARY KEY REFERENCES session (key),
    finished_at INTEGER
) STRICT;
