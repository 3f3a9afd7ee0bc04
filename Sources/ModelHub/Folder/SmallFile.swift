import SystemPackage

/// Files that are read whole.
enum SmallFile {
    /// Reads a regular file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes it may have.
    /// - Returns: Its bytes.
    /// - Throws: `Errno`; `.fileTooLarge` beyond the limit, `.invalidArgument` where it is no file.
    static func read(_ path: FilePath, limit: Int) throws -> [UInt8] {
        let file = try OpenFile(reading: path)
        guard file.size <= limit else { throw Errno.fileTooLarge }
        return try file.read(at: 0, count: Int(file.size))
    }
}
