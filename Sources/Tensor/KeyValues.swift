import CKernels

/// The keys and values of consecutive positions in one attention layer.
public struct KeyValues: Sendable {
    /// [positions, key–value heads × head width].
    public private(set) var keys: Matrix
    /// [positions, key–value heads × head width].
    public private(set) var values: Matrix

    /// Wraps keys and values of the same positions.
    public init(keys: Matrix, values: Matrix) {
        precondition(keys.rows == values.rows && keys.columns == values.columns)
        self.keys = keys
        self.values = values
    }

    /// Starts empty.
    public init(width: Int) {
        self.init(
            keys: Matrix(rows: 0, columns: width), values: Matrix(rows: 0, columns: width))
    }

    /// How many positions there are.
    public var count: Int { keys.rows }

    /// Numbers in a row of keys, and of values.
    var width: Int { keys.columns }

    /// Where they stand; valid while this value lives and is not changed.
    var segment: vk_segment {
        keys.read { keys in
            values.read { values in
                vk_segment(keys: keys, values: values, count: count, stride: width)
            }
        }
    }

    /// Adds the positions that come next.
    public mutating func append(keys: Matrix, values: Matrix) {
        precondition(keys.rows == values.rows)
        self.keys.append(keys)
        self.values.append(values)
    }

    /// Forgets the positions that came last, so that so many are left; their room is kept.
    public mutating func truncate(to count: Int) {
        keys.truncate(rows: count)
        values.truncate(rows: count)
    }
}
