/// What is left of a TIFF that a crash, a full card or a broken transfer cut short.
///
/// Only where the directory stands before the pixels: without it nothing of a file can be read.
struct TIFFEnd {
    /// Pieces that are looked at.
    private static let maximumPieces = 1 << 16

    private let structure: TIFFStructure
    private let directory: TIFFStructure.Directory

    /// `nil` for what is no TIFF, such as BigTIFF; refuses a file that ends before its directory.
    init?(_ file: any ByteSource) throws(CodecError) {
        guard let structure = try TIFFStructure(file) else { return nil }
        let start = try file.integer(at: 4, size: 4, structure.order) ?? 0
        guard start + 2 <= file.count else { throw .cutShort }
        self.structure = structure
        directory = try structure.mainDirectory()
    }

    /// Whether a file of so many bytes ends before its strips or tiles do.
    func isCutShort(_ count: Int) throws(CodecError) -> Bool {
        try structure.endOfPieces(directory) > count
    }

    /// The file with the lengths of its pieces as they are: a library that is told of more reads none.
    func shortened(_ bytes: [UInt8]) throws(CodecError) -> [UInt8] {
        var bytes = bytes
        for (offsets, sizes) in [(0x0111, 0x0117), (0x0144, 0x0145)] {
            guard let entry = directory[sizes], let size = [3: 2, 4: 4][entry.type] else {
                continue
            }
            let starts =
                try structure.integers(directory[offsets], maximum: Self.maximumPieces) ?? []
            let counts = try structure.integers(entry, maximum: Self.maximumPieces) ?? []
            for (index, (start, count)) in zip(starts, counts).enumerated() {
                let left = max(bytes.count - start, 0)
                guard left < count else { continue }
                let place = entry.offset + index * size
                let number = (0..<size).map { UInt8(truncatingIfNeeded: left >> (8 * $0)) }
                bytes.replaceSubrange(
                    place..<place + size,
                    with: structure.order == .little ? number : number.reversed())
            }
        }
        return bytes
    }

    /// Refuses planes of more strips than their rows need: those would be read in a wrong order.
    func checkPlanes() throws(CodecError) {
        guard try number(0x011c) == 2, let samples = try number(0x0115),
            let height = try number(0x0101), let rows = try number(0x0116), rows > 0,
            let strips = directory[0x0111]?.count
        else { return }
        let (needed, overflow) = ((height + rows - 1) / rows).multipliedReportingOverflow(
            by: samples)
        guard overflow || strips <= needed else {
            throw .damaged("\(rows) rows a strip do not go with \(strips) strips (TIFF)")
        }
    }

    private func number(_ tag: Int) throws(CodecError) -> Int? {
        try structure.integers(directory[tag], maximum: 1)?.first
    }
}
