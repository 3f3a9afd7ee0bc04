import Tensor

/// Keys and values of consecutive positions in every layer of a stack.
struct KVCache: Sendable {
    /// One entry a layer.
    var layers: [KeyValues]

    /// Starts empty, with room for so many positions; memory is taken as they are filled.
    init(layers: Int, width: Int, room: Int = 0, precision: KeyValues.Precision = .single) {
        self.layers = (0..<layers).map { _ in
            KeyValues(width: width, room: room, precision: precision)
        }
    }

    /// How many positions every layer holds.
    var count: Int { layers.last?.count ?? 0 }
}
