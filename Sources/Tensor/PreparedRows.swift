/// Rows that several layers are applied to; what packed weights need of them is computed once.
final class PreparedRows {
    /// The rows as they are.
    let plain: Matrix
    /// The rows in 8 bits.
    private(set) lazy var quantised = QuantisedRows(plain)
    /// What 8 bits leave over, in 8 bits.
    private(set) lazy var rest = QuantisedRows(quantised.rest(of: plain))

    init(_ rows: Matrix) {
        plain = rows
    }
}
