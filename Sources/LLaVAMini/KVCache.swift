import Tensor

/// Keys and values of consecutive positions in every layer of a stack.
struct KVCache: Sendable {
    /// One entry a layer.
    var layers: [KeyValues]

    /// Starts empty.
    init(layers: Int, width: Int) {
        self.layers = Array(repeating: KeyValues(width: width), count: layers)
    }

    /// How many positions every layer holds.
    var count: Int { layers.last?.count ?? 0 }
}
