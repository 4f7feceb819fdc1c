-- The decks that were asked before own decks had to state that they count for the score: they keep counting.
CREATE TABLE counted_deck (
    deck TEXT NOT NULL PRIMARY KEY,
    told INTEGER NOT NULL DEFAULT 0        -- 1 once the person was told
) STRICT, WITHOUT ROWID;

INSERT INTO counted_deck (deck) SELECT DISTINCT deck FROM exposure;
