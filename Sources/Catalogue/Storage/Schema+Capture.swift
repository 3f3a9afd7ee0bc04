// What version 7 adds: when, where and with what an asset was taken, for searching.
extension Schema {
    /// A row for each asset that tells any of it: what its files say, set right by their sidecars; of
    /// several files, the first that tells a date, among the first few.
    ///
    /// `taken_at` is local time as ISO 8601, so that moments compare as text.
    static let capture = """
        CREATE TABLE capture (
            asset_id INTEGER PRIMARY KEY,
            taken_at TEXT,
            camera TEXT,
            latitude REAL,
            longitude REAL
        ) STRICT;
        CREATE VIEW file_capture AS
            SELECT file_id, asset_id, sidecar_id,
                CASE WHEN substr(own, 1, length(said)) = said THEN own
                    ELSE coalesce(said, own, made) END AS taken_at,
                camera,
                CASE WHEN north IS NULL OR east IS NULL THEN latitude ELSE north END AS latitude,
                CASE WHEN north IS NULL OR east IS NULL THEN longitude ELSE east END AS longitude
            FROM (
                SELECT file.id AS file_id, file.asset_id, file.sidecar_id, file.taken_at AS own,
                    file.camera, file.latitude, file.longitude,
                    json_extract(sidecar.texts, '$.takenAt') AS said,
                    json_extract(sidecar.texts, '$.createdAt') AS made,
                    json_extract(sidecar.texts, '$.latitude') AS north,
                    json_extract(sidecar.texts, '$.longitude') AS east
                FROM file LEFT JOIN file AS sidecar
                    ON sidecar.id = file.sidecar_id AND json_valid(sidecar.texts)
                WHERE file.is_current = 1);
        INSERT INTO capture
            \(telling("asset_id IS NOT NULL")) ORDER BY asset_id;
        CREATE INDEX capture_taken ON capture(taken_at) WHERE taken_at IS NOT NULL;
        CREATE INDEX capture_latitude ON capture(latitude) WHERE latitude IS NOT NULL;
        """

    /// Keeps `capture`.
    static let captureTriggers = """
        CREATE TRIGGER capture_told AFTER INSERT ON file
            WHEN NEW.asset_id IS NOT NULL AND NEW.is_current = 1
        BEGIN
            \(retell("NEW.asset_id"))
        END;
        CREATE TRIGGER capture_retold
            AFTER UPDATE OF asset_id, is_current, taken_at, camera, latitude, longitude, sidecar_id
            ON file
            WHEN (OLD.asset_id, OLD.is_current, OLD.taken_at, OLD.camera, OLD.latitude, OLD.longitude,
                    OLD.sidecar_id)
                IS NOT (NEW.asset_id, NEW.is_current, NEW.taken_at, NEW.camera, NEW.latitude,
                    NEW.longitude, NEW.sidecar_id)
        BEGIN
            \(retell("OLD.asset_id"))
            \(retell("NEW.asset_id"))
        END;
        CREATE TRIGGER capture_untold AFTER DELETE ON file WHEN OLD.asset_id IS NOT NULL BEGIN
            \(retell("OLD.asset_id"))
        END;
        CREATE TRIGGER capture_corrected AFTER UPDATE OF texts ON file
            WHEN NEW.is_sidecar = 1 AND OLD.texts IS NOT NEW.texts
        BEGIN
            DELETE FROM capture WHERE asset_id IN (
                SELECT asset_id FROM file WHERE sidecar_id = NEW.id);
            INSERT INTO capture
                \(telling("asset_id IN (SELECT asset_id FROM file WHERE sidecar_id = NEW.id)"));
        END;
        CREATE TRIGGER capture_gone AFTER DELETE ON asset BEGIN
            DELETE FROM capture WHERE asset_id = OLD.id;
        END;
        """

    private static let isAnythingKnown =
        "(taken_at IS NOT NULL OR camera IS NOT NULL OR latitude IS NOT NULL)"

    /// So many of an asset's files are asked: whoever has thousands of copies adds each in the same time.
    private static let askedFiles = 32

    /// What is known of assets by the files for which a condition holds.
    private static func telling(_ condition: String) -> String {
        """
        SELECT asset_id, taken_at, camera, latitude, longitude FROM (
            SELECT *, row_number() OVER (
                PARTITION BY asset_id ORDER BY taken_at IS NULL, file_id) AS place
            FROM (
                SELECT *, row_number() OVER (PARTITION BY asset_id ORDER BY file_id) AS number
                FROM file_capture WHERE \(condition))
            WHERE number <= \(askedFiles))
        WHERE place = 1 AND \(isAnythingKnown)
        """
    }

    /// Writes the row of an asset anew.
    private static func retell(_ asset: String) -> String {
        """
        DELETE FROM capture WHERE asset_id = \(asset);
        INSERT INTO capture
            SELECT asset_id, taken_at, camera, latitude, longitude FROM (
                SELECT * FROM (
                    SELECT * FROM file_capture WHERE asset_id = \(asset)
                    ORDER BY file_id LIMIT \(askedFiles))
                ORDER BY taken_at IS NULL, file_id LIMIT 1)
            WHERE \(isAnythingKnown);
        """
    }
}
