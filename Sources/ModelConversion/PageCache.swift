import Glibc
import SystemPackage

/// What the kernel keeps of files in memory.
enum PageCache {
    /// Lets it forget a file that is safely on the disk, so that reading it reads the disk.
    ///
    /// - Throws: `ConversionError` where the file cannot be opened.
    static func drop(_ path: FilePath) throws(ConversionError) {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            // Advice only: a file system that keeps everything in memory cannot follow it.
            try file.closeAfter { _ = posix_fadvise(file.rawValue, 0, 0, POSIX_FADV_DONTNEED) }
        } catch {
            throw .writing(path, error)
        }
    }
}
