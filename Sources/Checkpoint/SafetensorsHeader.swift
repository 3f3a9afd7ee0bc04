import JSONScanning

/// The JSON at the head of a safetensors file, checked against the file's length.
///
/// Format: 8 bytes little-endian header length, the header, then the numbers. A tensor's
/// `data_offsets` count from the first byte behind the header.
struct SafetensorsHeader {
    /// Headers above this are refused.
    ///
    /// The reference implementation takes 100 MB. The largest models that there are need less than a
    /// tenth of that in all their shards, and what a header makes us keep is several times its size.
    static let maximumByteCount = 16 << 20
    /// Far above any model's tensors; bounds what a header can make us keep in memory.
    static let maximumTensorCount = 1 << 18
    static let maximumNameByteCount = 4096
    static let maximumRank = 32

    struct Entry {
        let name: String
        let type: StorageType
        let shape: [Int]
        /// Bytes within the file (not within the data).
        let range: Range<Int>
    }

    let entries: [Entry]
    let metadata: [String: String]
    let byteCount: Int

    /// Reads the header of a whole file.
    ///
    /// - Throws: `HeaderFlaw` or `JSONScanner.Failure`.
    init(of file: UnsafeRawBufferPointer) throws {
        guard file.count >= 8 else { throw HeaderFlaw("no room for a header's length") }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.maximumByteCount) else {
            throw HeaderFlaw("a header of \(length) bytes, above any checkpoint's")
        }
        guard length <= UInt64(file.count - 8) else {
            throw HeaderFlaw("a header of \(length) bytes in a file of \(file.count)")
        }
        let dataStart = 8 + Int(length)
        var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: file[8..<dataStart]))
        var entries: [Entry] = []
        var names: Set<String> = []
        var metadata: [String: String]?
        try scanner.object { scanner, name in
            guard name != "__metadata__" else {
                guard metadata == nil else { throw HeaderFlaw("'__metadata__' stands twice") }
                metadata = try Self.metadata(from: &scanner)
                return
            }
            guard name.utf8.count <= Self.maximumNameByteCount else {
                throw HeaderFlaw("a tensor's name of \(name.utf8.count) bytes")
            }
            guard names.insert(name).inserted else {
                throw HeaderFlaw("the tensor '\(abbreviated(name))' stands twice")
            }
            guard names.count <= Self.maximumTensorCount else {
                throw HeaderFlaw("more than \(Self.maximumTensorCount) tensors")
            }
            let data = dataStart..<file.count
            entries.append(try Self.entry(named: name, from: &scanner, data: data))
        }
        try scanner.expectEnd()
        try Self.checkCoverage(of: entries, data: dataStart..<file.count)
        self.entries = entries
        self.metadata = metadata ?? [:]
        byteCount = dataStart
    }

    private static func metadata(from scanner: inout JSONScanner) throws -> [String: String] {
        var metadata: [String: String] = [:]
        try scanner.object { scanner, key in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw HeaderFlaw("the metadata '\(abbreviated(key))' stands twice")
            }
        }
        return metadata
    }

    /// Holds that the tensors lie end to end and fill the data exactly.
    ///
    /// The format forbids holes and overlaps alike. Bytes that no tensor claims are what a cut,
    /// patched or disguised file has, so they are refused here as well.
    private static func checkCoverage(of entries: [Entry], data: Range<Int>) throws {
        let sorted = entries.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = data.lowerBound
        var previous = "the header"
        for entry in sorted {
            let name = "'\(abbreviated(entry.name))'"
            guard entry.range.lowerBound >= end else {
                throw HeaderFlaw("the tensors \(previous) and \(name) overlap")
            }
            guard entry.range.lowerBound == end else {
                let hole = entry.range.lowerBound - end
                throw HeaderFlaw(
                    "\(hole) bytes between \(previous) and \(name) belong to no tensor")
            }
            end = entry.range.upperBound
            previous = name
        }
        guard end == data.upperBound else {
            throw HeaderFlaw("\(data.upperBound - end) bytes at the end belong to no tensor")
        }
    }
}

/// A header that is JSON and still contradicts itself or the file.
struct HeaderFlaw: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
