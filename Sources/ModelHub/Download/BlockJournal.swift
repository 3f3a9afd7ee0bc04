import Glibc
import SystemPackage

/// Which blocks of an unfinished file have arrived, and the digest of each.
///
/// A line a block, appended in one write once the block's bytes were written. The digests make it
/// unnecessary to wait for the disk: after a power cut, a block whose bytes did not reach it is found
/// by reading it again.
///
/// ```text
/// vignette-journal 1 DIGEST SIZE BLOCK-BYTES
/// INDEX SHA-256
/// ```
struct BlockJournal {
    private let file: OpenFile
    private var end: Int64
    /// Digests of the blocks that had arrived when the journal was opened.
    let arrived: [Int: String]

    /// Opens a journal; one that belongs to other bytes starts empty.
    ///
    /// - Parameters:
    ///   - path: The journal's file.
    ///   - identity: Digest, size and size of a block, which all its lines belong to.
    ///   - blockCount: How many blocks the file has.
    /// - Throws: `Errno`.
    init(_ path: FilePath, identity: String, blockCount: Int) throws(Errno) {
        file = try OpenFile(writing: path)
        let head = "vignette-journal 1 \(identity)\n"
        // No line is longer than the widest index and a digest.
        let limit = Int64(head.utf8.count + blockCount * 2 * Self.longestLine)
        let text =
            file.size <= limit ? try file.read(at: 0, count: Int(file.size)) : []
        if text.starts(with: head.utf8) {
            let (arrived, length) = Self.lines(text[head.utf8.count...], blockCount: blockCount)
            self.arrived = arrived
            end = Int64(head.utf8.count + length)
            // The last line may have been cut; the next one must not continue it.
            try file.resize(end)
        } else {
            arrived = [:]
            end = 0
            try file.resize(0)
            try append(head)
        }
    }

    private static let longestLine = 20 + 1 + 64 + 1

    /// Notes a block.
    mutating func note(_ block: Int, sha256: String) throws(Errno) {
        try append("\(block) \(sha256)\n")
    }

    private mutating func append(_ line: String) throws(Errno) {
        let bytes = Array(line.utf8)
        try file.write(bytes, at: end)
        end += Int64(bytes.count)
    }

    /// Reads lines up to the first that is none.
    private static func lines(
        _ text: ArraySlice<UInt8>, blockCount: Int
    ) -> (arrived: [Int: String], length: Int) {
        var arrived: [Int: String] = [:]
        var rest = text
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let words = rest[..<end].split(separator: UInt8(ascii: " "))
            guard words.count == 2, let block = Int(String(decoding: words[0], as: UTF8.self)),
                (0..<blockCount).contains(block), words[1].count == 64,
                words[1].allSatisfy(\.isLowercaseHexadecimal)
            else { break }
            arrived[block] = String(decoding: words[1], as: UTF8.self)
            rest = rest[(end + 1)...]
        }
        return (arrived, rest.startIndex - text.startIndex)
    }
}
