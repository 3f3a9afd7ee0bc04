/// Byte strings by their beginnings.
struct ByteTrie: Sendable {
    /// Next node by node (upper bits) and byte (lower eight).
    private var edges: [Int: Int] = [:]
    /// The value of the string that ends in a node, or -1.
    private var values: [Int32] = [-1]
    /// Whether any string begins with a byte: rejects most places of a text at once.
    private var begins = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { edges.isEmpty }

    /// Adds a string; an empty one is left out, a repeated one keeps the later value.
    mutating func insert(_ bytes: [UInt8], value: Int32) {
        guard let first = bytes.first else { return }
        begins[Int(first)] = true
        var node = 0
        for byte in bytes {
            let key = node << 8 | Int(byte)
            if let next = edges[key] {
                node = next
            } else {
                values.append(-1)
                node = values.count - 1
                edges[key] = node
            }
        }
        values[node] = value
    }

    /// The longest string that stands at the beginning of a range.
    func longestMatch(in text: [UInt8], at range: Range<Int>) -> (value: Int32, end: Int)? {
        guard begins[Int(text[range.lowerBound])] else { return nil }
        var match: (value: Int32, end: Int)?
        var node = 0
        for position in range {
            guard let next = edges[node << 8 | Int(text[position])] else { break }
            node = next
            if values[node] >= 0 { match = (values[node], position + 1) }
        }
        return match
    }
}
