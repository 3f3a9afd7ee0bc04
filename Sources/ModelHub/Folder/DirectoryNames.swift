import Glibc
import SystemPackage

/// The names in a folder.
enum DirectoryNames {
    /// Reads the names, `.` and `..` left out; none where the folder does not exist.
    ///
    /// - Throws: `Errno` where it cannot be read.
    static func read(_ folder: FilePath) throws(Errno) -> [String] {
        guard let directory = folder.withPlatformString({ opendir($0) }) else {
            if errno == ENOENT { return [] }
            throw Errno(rawValue: errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw Errno(rawValue: errno) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }
}
