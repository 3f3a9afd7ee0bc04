import FileSystem
import SystemPackage

extension DiskSpace {
    /// Makes sure that so many bytes fit.
    ///
    /// - Throws: `ConversionError` with both numbers where they do not.
    static func check(_ needed: Int, at folder: FilePath) throws(ConversionError) {
        // Where nothing can be told, writing will.
        guard let free = try? free(at: folder), free < needed else { return }
        throw ConversionError(
            folder, "has \(free >> 20) MiB of free disk, and \(needed >> 20) MiB are needed",
            advice: "Make room, or name a folder on another disk with --to.")
    }
}
