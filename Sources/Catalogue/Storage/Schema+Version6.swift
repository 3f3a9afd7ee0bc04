// What version 6 adds: how likely a model held its tags, and embeddings, by which pictures are found.
extension Schema {
    /// The columns and tables.
    ///
    /// `asset_tag.probability`: of a model's tag, 0 … 1; NULL for everybody else's, and for a model's of the
    /// time before it was kept. `recipe.kind`: what the recipe makes, so that work for embeddings is counted
    /// apart. `embedding.id` rises from row to row and is never used again, so that whoever has read up to
    /// one goes on behind it. `embedding.second` is NULL for a still; `vector` has one signed byte a
    /// number, in units of `scale`. `embedding_total` counts the rows that each recipe has and had.
    static let probabilitiesAndEmbeddings = """
        ALTER TABLE asset_tag ADD COLUMN probability REAL CHECK (probability BETWEEN 0 AND 1);
        ALTER TABLE recipe ADD COLUMN kind TEXT NOT NULL DEFAULT 'describe'
            CHECK (kind IN ('describe', 'embed'));
        CREATE TABLE embedding (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            recipe_id INTEGER NOT NULL REFERENCES recipe(id),
            second INTEGER CHECK (second >= 0),
            scale REAL NOT NULL CHECK (scale >= 0),
            vector BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX embedding_asset ON embedding(asset_id, recipe_id, coalesce(second, -1));
        CREATE INDEX embedding_recipe ON embedding(recipe_id);
        CREATE TABLE embedding_total (
            recipe_id INTEGER PRIMARY KEY REFERENCES recipe(id),
            rows INTEGER NOT NULL,
            removed INTEGER NOT NULL
        ) STRICT;
        """

    /// Keeps `embedding_total`.
    static let embeddingTotalTriggers = """
        CREATE TRIGGER embedding_counted AFTER INSERT ON embedding BEGIN
            INSERT INTO embedding_total (recipe_id, rows, removed) VALUES (NEW.recipe_id, 1, 0)
                ON CONFLICT (recipe_id) DO UPDATE SET rows = rows + 1;
        END;
        CREATE TRIGGER embedding_uncounted AFTER DELETE ON embedding BEGIN
            UPDATE embedding_total SET rows = rows - 1, removed = removed + 1
                WHERE recipe_id = OLD.recipe_id;
        END;
        """
}
