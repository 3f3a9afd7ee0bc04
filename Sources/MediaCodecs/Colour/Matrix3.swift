/// Three by three numbers, row by row: from one space of three channels to another.
struct Matrix3: Equatable {
    var rows: [[Double]]

    /// Changes nothing.
    static let identity = Matrix3(rows: [[1, 0, 0], [0, 1, 0], [0, 0, 1]])

    /// A matrix with these numbers on its diagonal.
    static func diagonal(_ numbers: [Double]) -> Matrix3 {
        var matrix = identity
        for index in 0..<3 { matrix.rows[index][index] = numbers[index] }
        return matrix
    }

    /// The matrix's product with a column.
    func times(_ column: [Double]) -> [Double] {
        rows.map { row in row[0] * column[0] + row[1] * column[1] + row[2] * column[2] }
    }

    /// First the other matrix, then this one.
    func times(_ other: Matrix3) -> Matrix3 {
        let columns = (0..<3).map { column in times(other.rows.map { $0[column] }) }
        return Matrix3(rows: (0..<3).map { row in columns.map { $0[row] } })
    }

    /// How much larger it makes a volume; 0 where it makes a plane of all.
    var determinant: Double { (0..<3).reduce(0) { $0 + rows[0][$1] * minor(0, $1) } }

    private func minor(_ row: Int, _ column: Int) -> Double {
        let (r1, r2) = ((row + 1) % 3, (row + 2) % 3)
        let (c1, c2) = ((column + 1) % 3, (column + 2) % 3)
        return rows[r1][c1] * rows[r2][c2] - rows[r1][c2] * rows[r2][c1]
    }

    /// What undoes it; `nil` where nothing does.
    var inverse: Matrix3? {
        let determinant = determinant
        guard determinant.isFinite, abs(determinant) > 1e-9 else { return nil }
        return Matrix3(rows: (0..<3).map { row in (0..<3).map { minor($0, row) / determinant } })
    }
}
