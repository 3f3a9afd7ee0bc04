public import SystemPackage

/// The lines of a stream, none of them longer than allowed.
///
/// What is longer is passed over as it comes, and not kept.
public struct BoundedLines {
    /// What came.
    public enum Line: Equatable, Sendable {
        /// A line without its end.
        case whole([UInt8])
        /// One that was too long.
        case tooLong
    }

    private let limit: Int
    private let read: (UnsafeMutableRawBufferPointer) throws -> Int
    private var buffer: [UInt8]
    private var unread = 0..<0
    private var isEnded = false
    /// Where the last line ended that had an end of its own, in bytes from where reading began.
    public private(set) var ended: Int64 = 0
    private var passed: Int64 = 0

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - file: Where from.
    ///   - limit: The most bytes of a line.
    public init(of file: FileDescriptor, limit: Int) {
        self.init(limit: limit) { try file.read(into: $0) }
    }

    init(
        limit: Int, bufferBytes: Int = 65_536,
        read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) {
        self.limit = limit
        self.read = read
        buffer = [UInt8](repeating: 0, count: bufferBytes)
    }

    /// The next line.
    ///
    /// - Returns: The line, the last one also without an end of its own; `nil` behind it.
    /// - Throws: What reading throws.
    public mutating func next() throws -> Line? {
        var line: [UInt8] = []
        var isTooLong = false
        while true {
            if unread.isEmpty {
                let count = isEnded ? 0 : try buffer.withUnsafeMutableBytes(read)
                guard count > 0 else {
                    isEnded = true
                    return isTooLong ? .tooLong : line.isEmpty ? nil : .whole(line)
                }
                unread = 0..<count
            }
            let end = buffer[unread].firstIndex(of: UInt8(ascii: "\n"))
            let part = unread.lowerBound..<(end ?? unread.upperBound)
            unread = (end.map { $0 + 1 } ?? unread.upperBound)..<unread.upperBound
            passed += Int64(part.count + (end == nil ? 0 : 1))
            if end != nil { ended = passed }
            if line.count + part.count > limit {
                isTooLong = true
                line = []
            }
            if !isTooLong { line += buffer[part] }
            if end != nil { return isTooLong ? .tooLong : .whole(line) }
        }
    }
}
