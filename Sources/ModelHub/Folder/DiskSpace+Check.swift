import FileSystem
import SystemPackage

extension DiskSpace {
    /// What a file system needs for itself while a model is put on it.
    private static let reserve: Int64 = 64 << 20

    /// Holds that so much will fit.
    ///
    /// - Throws: `HubError` saying how much is missing.
    static func check(room needed: Int64, at folder: FilePath) throws {
        guard needed > 0 else { return }
        let free: Int64
        do { free = try Self.free(at: folder) } catch { throw StorageFailure.error(folder, error) }
        let (all, overflow) = needed.addingReportingOverflow(reserve)
        guard !overflow, all <= free else {
            let missing = overflow ? needed : all - free
            throw HubError(
                folder,
                "has room for \(megabytes(free)) MB where \(megabytes(needed)) MB are to come",
                advice: "Make room for \(megabytes(missing)) MB more, or set XDG_DATA_HOME to "
                    + "another disk.")
        }
    }

    /// Rounded up, so that what is asked for suffices.
    private static func megabytes(_ bytes: Int64) -> Int64 {
        bytes / 1_000_000 + (bytes % 1_000_000 > 0 ? 1 : 0)
    }
}
