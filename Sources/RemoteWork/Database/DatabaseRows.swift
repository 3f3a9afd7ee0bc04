import CPQ

/// The rows that a statement gave, in PostgreSQL's binary form.
final class DatabaseRows {
    private let result: OpaquePointer
    private let place: String

    init(_ result: OpaquePointer, place: String) {
        self.result = result
        self.place = place
    }

    deinit { PQclear(result) }

    /// How many rows there are.
    var count: Int { Int(PQntuples(result)) }

    /// The only row's first column as a number.
    func number() throws(QueueError) -> Int64 {
        guard count > 0 else {
            throw .badAnswer(place: place, reason: "no row where one was expected")
        }
        return try int(0, 0)
    }

    func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(result, Int32(row), Int32(column)) != 0
    }

    func bytes(_ row: Int, _ column: Int) throws(QueueError) -> [UInt8] {
        Array(try raw(row, column))
    }

    func text(_ row: Int, _ column: Int) throws(QueueError) -> String {
        String(decoding: try raw(row, column), as: UTF8.self)
    }

    func piece(_ row: Int, _ column: Int) throws(QueueError) -> PieceID {
        guard let piece = PieceID(Array(try raw(row, column))) else { throw unexpected(column) }
        return piece
    }

    func bool(_ row: Int, _ column: Int) throws(QueueError) -> Bool {
        let bytes = try raw(row, column)
        guard bytes.count == 1 else { throw unexpected(column) }
        return bytes[0] != 0
    }

    /// An `int8`; any smaller kind of number is cast to it in SQL.
    func int(_ row: Int, _ column: Int) throws(QueueError) -> Int64 {
        let bytes = try raw(row, column)
        guard bytes.count == 8 else { throw unexpected(column) }
        return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
    }

    /// A `float8`; `nil` for NULL.
    func double(_ row: Int, _ column: Int) throws(QueueError) -> Double? {
        guard !isNull(row, column) else { return nil }
        return Double(bitPattern: UInt64(bitPattern: try int(row, column)))
    }

    private func raw(_ row: Int, _ column: Int) throws(QueueError) -> UnsafeRawBufferPointer {
        guard row < count, column < Int(PQnfields(result)), !isNull(row, column) else {
            throw unexpected(column)
        }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(result, Int32(row), Int32(column)),
            count: Int(PQgetlength(result, Int32(row), Int32(column))))
    }

    private func unexpected(_ column: Int) -> QueueError {
        .badAnswer(place: place, reason: "column \(column) is not what was asked for")
    }
}
