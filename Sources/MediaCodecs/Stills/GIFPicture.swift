/// The first picture of a GIF file (GIF89a, section 20 and appendix F): where it lies, and how much of it is
/// there.
struct GIFPicture {
    /// Its first row on the screen.
    let top: Int
    let width: Int
    let height: Int
    /// Whether rows come in an order of their own, coarse ones first.
    let isInterlaced: Bool
    /// Whether the file ends before its data do.
    let isCutShort: Bool
    private let file: any ByteSource
    /// Where the data stand, behind the number of bits of the first codes.
    private let start: Int
    private let bits: Int

    /// Walks the extensions up to the first picture, from `start` on.
    init(in file: any ByteSource, from start: Int) throws(CodecError) {
        var position = start
        while let introducer = try file.integer(at: position, size: 1), introducer == 0x21 {
            position = try Self.walk(file, from: position + 2)
            guard position <= file.count else { throw .cutShort }
        }
        guard let introducer = try file.integer(at: position, size: 1) else { throw .cutShort }
        guard introducer == 0x2c else { throw .damaged("it has no picture (GIF)") }
        guard let top = try file.integer(at: position + 3, size: 2, .little),
            let width = try file.integer(at: position + 5, size: 2, .little),
            let height = try file.integer(at: position + 7, size: 2, .little),
            let flags = try file.integer(at: position + 9, size: 1),
            let bits = try file.integer(
                at: position + 10 + GIFFormat.bytesOfColours(flags), size: 1)
        else { throw .cutShort }
        self.start = position + 11 + GIFFormat.bytesOfColours(flags)
        (self.file, self.top, self.width, self.height) = (file, top, width, height)
        self.bits = bits
        isInterlaced = flags & 0x40 != 0
        isCutShort = try Self.walk(file, from: self.start) > file.count
    }

    /// Where a chain of blocks ends, each with its length before it; beyond the file if that is cut.
    private static func walk(
        _ file: any ByteSource, from start: Int,
        _ take: (Range<Int>) throws(CodecError) -> Void = { _ in }
    ) throws(CodecError) -> Int {
        var position = start
        while let size = try file.integer(at: position, size: 1) {
            position += 1 + size
            if size == 0 { return position }
            try take(position - size..<min(position, file.count))
        }
        return max(position, file.count) + 1
    }

    /// How many rows are whole, of data that are cut.
    ///
    /// Only the lengths of strings are kept: which pixels they are is the decoder's to say.
    func rows() throws(CodecError) -> Int {
        guard (1...11).contains(bits), width > 0 else { return 0 }
        var data: [UInt8] = []
        _ = try Self.walk(file, from: start) { block throws(CodecError) in
            data += try file.bytes(at: block.lowerBound, count: block.count) ?? []
        }
        let clear = 1 << bits
        var reader = BitReader(bytes: data)
        var lengths = [Int](repeating: 1, count: 4096)
        var (count, next, size) = (0, clear + 2, bits + 1)
        var last: Int?
        while let code = reader.next(size), code != clear + 1 {
            guard code != clear else {
                (next, size, last) = (clear + 2, bits + 1, nil)
                continue
            }
            guard code < next || code == next && last != nil else { break }
            let length = code < next ? lengths[code] : (last ?? 0) + 1
            if let last, next < lengths.count {
                lengths[next] = last + 1
                next += 1
                if next == 1 << size, size < 12 { size += 1 }
            }
            last = length
            count += length
        }
        return min(count / width, height)
    }
}

/// Numbers of a few bits, the lowest first.
private struct BitReader {
    let bytes: [UInt8]
    private var position = 0
    private var pending = 0
    private var count = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next number; `nil` at the end.
    mutating func next(_ size: Int) -> Int? {
        while count < size {
            guard position < bytes.count else { return nil }
            pending |= Int(bytes[position]) << count
            count += 8
            position += 1
        }
        defer {
            pending >>= size
            count -= size
        }
        return pending & (1 << size - 1)
    }
}
