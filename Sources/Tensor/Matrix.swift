import CKernels

/// Rows of single precision numbers, row-major, tightly packed: [rows, columns].
///
/// A value: copies share memory until one of them is written to.
public struct Matrix: Sendable {
    /// Number of rows; may be none.
    public private(set) var rows: Int
    /// Numbers in a row.
    public private(set) var columns: Int
    private var buffer: FloatBuffer

    /// Makes a matrix whose numbers are yet to be written.
    init(uninitialisedRows rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0)
        self.rows = rows
        self.columns = columns
        buffer = FloatBuffer(capacity: rows * columns)
    }

    /// Makes a matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.init(uninitialisedRows: rows, columns: columns)
        buffer.start.initialize(repeating: 0, count: rows * columns)
    }

    /// Copies numbers, row by row.
    ///
    /// - Precondition: `values.count == rows * columns`.
    public init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns)
        self.init(uninitialisedRows: rows, columns: columns)
        values.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            buffer.start.initialize(from: base, count: source.count)
        }
    }

    /// Converts a stored tensor; the outermost dimension becomes the rows, the others the columns.
    public init(_ weights: Weights) {
        let rows = weights.shape.first ?? 1
        self.init(uninitialisedRows: rows, columns: weights.shape.dropFirst().reduce(1, *))
        weights.copyFloats(from: 0, count: weights.count, to: buffer.start)
    }

    /// Puts matrices of the same width below one another.
    public init(stacking parts: [Matrix]) {
        self.init(uninitialisedRows: 0, columns: parts.first?.columns ?? 0)
        reserve(rows: parts.reduce(0) { $0 + $1.rows })
        for part in parts { append(part) }
    }

    /// Number of elements.
    public var count: Int { rows * columns }

    /// The numbers, row by row, copied.
    public var values: [Float] {
        read { Array(UnsafeBufferPointer(start: $0, count: count)) }
    }

    /// One number.
    public subscript(row: Int, column: Int) -> Float {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns)
        return read { $0[row * columns + column] }
    }

    /// A copy of some of the rows.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        guard range != 0..<rows else { return self }
        let part = Matrix(uninitialisedRows: range.count, columns: columns)
        read {
            part.buffer.start.initialize(
                from: $0 + range.lowerBound * columns, count: range.count * columns)
        }
        return part
    }

    /// Copies of the named rows, in that order; a row may be named more than once.
    public func gathering(_ indices: [Int]) -> Matrix {
        precondition(indices.allSatisfy { $0 >= 0 && $0 < rows })
        let gathered = Matrix(uninitialisedRows: indices.count, columns: columns)
        read { source in
            for (row, index) in indices.enumerated() {
                (gathered.buffer.start + row * columns).initialize(
                    from: source + index * columns, count: columns)
            }
        }
        return gathered
    }

    /// A copy of some of the columns.
    public func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        let part = Matrix(uninitialisedRows: rows, columns: range.count)
        read { source in
            for row in 0..<rows {
                (part.buffer.start + row * range.count).initialize(
                    from: source + row * columns + range.lowerBound, count: range.count)
            }
        }
        return part
    }

    /// The same numbers, row by row, in rows of another length.
    ///
    /// - Precondition: the length divides the number of elements.
    public func reshaped(columns: Int) -> Matrix {
        precondition(columns > 0 && count.isMultiple(of: columns))
        var other = self
        other.rows = count / columns
        other.columns = columns
        return other
    }

    /// Adds rows below.
    ///
    /// The room grows by doubling, so that adding a row at a time costs a constant time a row.
    public mutating func append(_ other: Matrix) {
        precondition(other.columns == columns)
        let (end, total) = (count, count + other.count)
        if total > buffer.capacity || !isKnownUniquelyReferenced(&buffer) {
            let grown = total > buffer.capacity ? max(total, 2 * end) : buffer.capacity
            reallocate(capacity: grown)
        }
        let room = buffer.start + end
        other.read { room.initialize(from: $0, count: other.count) }
        rows += other.rows
    }

    /// Drops the rows that come last, so that so many are left; their room is kept.
    public mutating func truncate(rows: Int) {
        precondition(rows >= 0)
        self.rows = min(rows, self.rows)
    }

    /// Makes room for so many rows in all.
    public mutating func reserve(rows: Int) {
        guard rows * columns > buffer.capacity else { return }
        reallocate(capacity: rows * columns)
    }

    /// Lends a row's numbers for reading.
    public func read<Result>(
        row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        precondition(row >= 0 && row < rows)
        return try read {
            try body(UnsafeBufferPointer(start: $0 + row * columns, count: columns))
        }
    }

    /// Lends the numbers for reading.
    func read<Result>(_ body: (UnsafePointer<Float>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(buffer) { try body(UnsafePointer(buffer.start)) }
    }

    /// Lends the numbers for writing, in memory that nobody else sees.
    mutating func write<Result>(
        _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        let start = writableStart()
        return try withExtendedLifetime(buffer) { try body(start) }
    }

    /// Where the numbers stand, in memory that nobody else sees; valid while this value lives and
    /// is neither copied nor changed.
    mutating func writableStart() -> UnsafeMutablePointer<Float> {
        if !isKnownUniquelyReferenced(&buffer) { reallocate(capacity: count) }
        return buffer.start
    }

    private mutating func reallocate(capacity: Int) {
        let fresh = FloatBuffer(capacity: capacity)
        fresh.start.initialize(from: buffer.start, count: count)
        buffer = fresh
    }
}
