import Glibc
import SystemPackage

/// How much room there is where something is to be written.
enum DiskSpace {
    /// Makes sure that so many bytes fit.
    ///
    /// - Throws: `ConversionError` with both numbers where they do not.
    static func check(_ needed: Int, at folder: FilePath) throws(ConversionError) {
        var status = statvfs()
        // Where nothing can be told, writing will.
        guard folder.withPlatformString({ statvfs($0, &status) }) == 0 else { return }
        let (free, overflow) = Int(clamping: status.f_bavail)
            .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
        guard !overflow, free < needed else { return }
        throw ConversionError(
            folder, "has \(free >> 20) MiB of free disk, and \(needed >> 20) MiB are needed",
            advice: "Make room, or name a folder on another disk with --to.")
    }
}
