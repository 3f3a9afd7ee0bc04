import Tensor

/// Keys and values of consecutive positions in every layer of a stack.
struct KVCache: Sendable {
    /// One entry a layer.
    var layers: [KeyValues]

    /// Starts empty, with room for so many positions; memory is taken as they are filled.
    init(layers: Int, width: Int, room: Int = 0) {
        self.layers = (0..<layers).map { _ in
            KeyValues(keys: .empty(width, room: room), values: .empty(width, room: room))
        }
    }

    /// How many positions every layer holds.
    var count: Int { layers.last?.count ?? 0 }
}

extension Matrix {
    /// No rows, and room for so many.
    fileprivate static func empty(_ columns: Int, room: Int) -> Matrix {
        var matrix = Matrix(rows: 0, columns: columns)
        matrix.reserve(rows: room)
        return matrix
    }
}
