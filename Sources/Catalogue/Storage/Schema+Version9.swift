// What version 9 adds: cameras by their names, for searching.
extension Schema {
    /// An index of cameras, and the names in it, each once.
    ///
    /// A library has few cameras and many pictures: which names have a word is asked of each name, and not of each
    /// picture. The view goes from name to name in the index.
    static let cameras = """
        CREATE INDEX capture_camera ON capture(camera) WHERE camera IS NOT NULL;
        CREATE VIEW camera_name AS
            WITH RECURSIVE names(name) AS (
                SELECT min(camera) FROM capture WHERE camera IS NOT NULL
                UNION ALL
                SELECT (SELECT min(camera) FROM capture
                    WHERE camera IS NOT NULL AND camera > names.name)
                FROM names WHERE names.name IS NOT NULL)
            SELECT name FROM names WHERE name IS NOT NULL;
        """
}
