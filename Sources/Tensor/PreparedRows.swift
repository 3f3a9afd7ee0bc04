/// Rows that several layers are applied to; what packed weights need of them is computed once.
final class PreparedRows {
    /// The rows as they are.
    let plain: Matrix
    /// The rows in 8 bits.
    private(set) lazy var quantised = QuantisedRows(plain)

    init(_ rows: Matrix) {
        plain = rows
    }
}
