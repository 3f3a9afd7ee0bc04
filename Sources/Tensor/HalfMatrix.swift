import CKernels

/// Rows of half precision numbers, row-major, tightly packed, to which rows are added: [rows, columns].
///
/// A value: copies share memory until one of them is written to.
struct HalfMatrix: Sendable {
    /// Number of rows; may be none.
    private(set) var rows = 0
    /// Numbers in a row.
    let columns: Int
    /// Two numbers in the room of each of its own.
    private var buffer: FloatBuffer

    /// Starts empty, with room for so many rows.
    init(columns: Int, room: Int) {
        precondition(columns >= 0 && room >= 0)
        self.columns = columns
        buffer = Self.buffer(numbers: room * columns)
    }

    private static func buffer(numbers: Int) -> FloatBuffer {
        FloatBuffer(capacity: (numbers + 1) / 2)
    }

    private static var bytesOfNumber: Int { MemoryLayout<UInt16>.stride }

    /// Adds rows below, rounded to the nearest; what is too large becomes the largest number.
    ///
    /// The room grows by doubling, so that adding a row at a time costs a constant time a row.
    mutating func append(_ other: Matrix) {
        precondition(other.columns == columns)
        let (end, total) = (rows * columns, (rows + other.rows) * columns)
        let room = 2 * buffer.capacity
        if total > room || !isKnownUniquelyReferenced(&buffer) {
            let grown = Self.buffer(numbers: total > room ? max(total, 2 * end) : room)
            UnsafeMutableRawPointer(grown.start).copyMemory(
                from: buffer.start, byteCount: end * Self.bytesOfNumber)
            buffer = grown
        }
        let target = UnsafeMutableRawPointer(buffer.start) + end * Self.bytesOfNumber
        other.read { vk_f32_to_f16($0, target, other.count) }
        rows += other.rows
    }

    /// Drops the rows that come last, so that so many are left; their room is kept.
    mutating func truncate(rows: Int) {
        precondition(rows >= 0)
        self.rows = min(rows, self.rows)
    }

    /// Lends the numbers for reading.
    func read<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(buffer) { try body(UnsafeRawPointer(buffer.start)) }
    }

    /// Some columns of some rows in single precision, tightly packed: [rows, columns].
    func copy(
        rows some: Range<Int>, columns part: Range<Int>, to target: UnsafeMutablePointer<Float>
    ) {
        precondition(some.lowerBound >= 0 && some.upperBound <= rows)
        precondition(part.lowerBound >= 0 && part.upperBound <= columns)
        read { start in
            for (place, row) in some.enumerated() {
                vk_f16_to_f32(
                    start + (row * columns + part.lowerBound) * Self.bytesOfNumber,
                    target + place * part.count, part.count)
            }
        }
    }

    /// Some of the rows in single precision.
    func rows(_ range: Range<Int>) -> Matrix {
        var part = Matrix(uninitialisedRows: range.count, columns: columns)
        part.write { copy(rows: range, columns: 0..<columns, to: $0) }
        return part
    }
}
