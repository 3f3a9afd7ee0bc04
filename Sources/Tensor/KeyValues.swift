import CKernels

/// The keys and values of consecutive positions in one attention layer: [positions, key–value heads ×
/// head width] each.
public struct KeyValues: Sendable {
    /// How exactly they are kept.
    public enum Precision: Sendable {
        /// 32 bits a number.
        case single
        /// 16 bits a number: half of the memory, and eleven bits of each.
        case half

        /// Bytes of a number.
        public var byteCount: Int { self == .half ? 2 : 4 }
    }

    private struct Pair<Rows: Sendable>: Sendable {
        var keys: Rows
        var values: Rows
    }

    // One of both is there. They are no cases of an enumeration, since what those hold could not grow
    // in its place.
    private var single: Pair<Matrix>?
    private var half: Pair<HalfMatrix>?

    /// Wraps keys and values of the same positions.
    public init(keys: Matrix, values: Matrix) {
        precondition(keys.rows == values.rows && keys.columns == values.columns)
        single = Pair(keys: keys, values: values)
    }

    /// Starts empty.
    ///
    /// - Parameters:
    ///   - width: Numbers in a row of keys, and of values.
    ///   - room: Positions that are expected; memory is taken as they are filled.
    ///   - precision: How exactly they are kept.
    public init(width: Int, room: Int = 0, precision: Precision = .single) {
        switch precision {
        case .single:
            single = Pair(
                keys: .empty(width, room: room), values: .empty(width, room: room))
        case .half:
            half = Pair(
                keys: HalfMatrix(columns: width, room: room),
                values: HalfMatrix(columns: width, room: room))
        }
    }

    /// How many positions there are.
    public var count: Int { single?.keys.rows ?? half?.keys.rows ?? 0 }

    /// Numbers in a row of keys, and of values.
    var width: Int { single?.keys.columns ?? half?.keys.columns ?? 0 }

    /// All keys in single precision.
    public var keys: Matrix { rows(0..<count).single?.keys ?? .empty(width, room: 0) }

    /// All values in single precision.
    public var values: Matrix { rows(0..<count).single?.values ?? .empty(width, room: 0) }

    /// Where they stand; valid while this value lives and is not changed.
    var segment: vk_segment {
        let keys = single?.keys.read { UnsafeRawPointer($0) } ?? half?.keys.read { $0 }
        let values = single?.values.read { UnsafeRawPointer($0) } ?? half?.values.read { $0 }
        return vk_segment(
            keys: keys, values: values, count: count, stride: width, half: half == nil ? 0 : 1)
    }

    /// A copy of some of the positions, in single precision.
    public func rows(_ range: Range<Int>) -> KeyValues {
        if let single {
            return KeyValues(keys: single.keys.rows(range), values: single.values.rows(range))
        }
        guard let half else { return self }
        return KeyValues(keys: half.keys.rows(range), values: half.values.rows(range))
    }

    /// Adds some of the positions of others as those that come next.
    public mutating func append(_ others: KeyValues, rows: Range<Int>) {
        guard let new = others.rows(rows).single else { return }
        single?.keys.append(new.keys)
        single?.values.append(new.values)
        half?.keys.append(new.keys)
        half?.values.append(new.values)
    }

    /// Forgets the positions that came last, so that so many are left; their room is kept.
    public mutating func truncate(to count: Int) {
        single?.keys.truncate(rows: count)
        single?.values.truncate(rows: count)
        half?.keys.truncate(rows: count)
        half?.values.truncate(rows: count)
    }
}

extension Matrix {
    /// No rows, and room for so many.
    fileprivate static func empty(_ columns: Int, room: Int) -> Matrix {
        var matrix = Matrix(rows: 0, columns: columns)
        matrix.reserve(rows: room)
        return matrix
    }
}
