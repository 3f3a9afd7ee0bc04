import NIOHTTP1

/// The part of a file that a request asks for (RFC 9110, 14).
enum ByteRange: Equatable {
    /// All of it: no part was asked for, or something that is left aside.
    case whole
    /// These bytes.
    case part(Range<Int64>)
    /// None that the file has.
    case unsatisfiable

    /// Reads the header of that name.
    ///
    /// Several parts at a time are left aside, as the standard allows: players ask for one.
    init(_ header: String?, size: Int64) {
        guard let header, header.hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            ends.contains(where: { !$0.isEmpty })
        else {
            self = .whole
            return
        }
        switch (Int64(ends[0]), Int64(ends[1])) {
        case (let first?, nil) where ends[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (nil, let count?) where ends[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(size - count, 0)..<size) : .unsatisfiable
        default: self = .whole
        }
    }
}
