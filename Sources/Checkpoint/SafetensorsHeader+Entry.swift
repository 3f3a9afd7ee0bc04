import JSONScanning

extension SafetensorsHeader {
    /// Reads one tensor's `dtype`, `shape` and `data_offsets` and holds them against each other.
    ///
    /// - Parameters:
    ///   - name: The tensor's name, for messages.
    ///   - scanner: Stands before the description.
    ///   - data: Where in the file the numbers are.
    /// - Returns: The description, fit for `Weights`.
    /// - Throws: `HeaderFlaw` or `JSONScanner.Failure`.
    static func entry(
        named name: String, from scanner: inout JSONScanner, data: Range<Int>
    ) throws -> Entry {
        var type: StorageType?
        var shape: [Int]?
        var offsets: [Int]?
        let shownName = "'\(abbreviated(name))'"
        try scanner.object { scanner, key in
            let isNew: Bool
            switch key {
            case "dtype":
                isNew = type == nil
                type = StorageType(name: try scanner.string())
            case "shape":
                isNew = shape == nil
                shape = try integers(from: &scanner, atMost: maximumRank)
            case "data_offsets":
                isNew = offsets == nil
                offsets = try integers(from: &scanner, atMost: 2)
            default:
                isNew = true
                try scanner.skipValue()
            }
            guard isNew else { throw HeaderFlaw("'\(key)' of \(shownName) stands twice") }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw HeaderFlaw("\(shownName) lacks its dtype, shape or two data_offsets")
        }
        guard offsets[0] <= offsets[1], offsets[1] <= data.count else {
            throw HeaderFlaw("\(shownName) lies at \(offsets) in \(data.count) bytes of numbers")
        }
        let range = data.lowerBound + offsets[0]..<data.lowerBound + offsets[1]
        try check(type, shape, byteCount: range.count, name: shownName)
        return Entry(name: name, type: type, shape: shape, range: range)
    }

    private static func integers(
        from scanner: inout JSONScanner, atMost limit: Int
    ) throws -> [Int] {
        var values: [Int] = []
        try scanner.array { scanner in
            let value = try scanner.integer()
            guard value >= 0 else { throw scanner.failure("a negative number") }
            values.append(value)
            guard values.count <= limit else { throw scanner.failure("more than \(limit) numbers") }
        }
        return values
    }

    /// Holds that shape and type ask for exactly the bytes that are there.
    private static func check(
        _ type: StorageType, _ shape: [Int], byteCount: Int, name: String
    ) throws {
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw HeaderFlaw("the shape \(shape) of \(name) overflows") }
            count = product
        }
        // A type that nobody here knows cannot be checked; its tensor can only be listed anyway.
        guard let bits = type.bitCount else { return }
        let (bitCount, overflow) = count.multipliedReportingOverflow(by: bits)
        guard !overflow else { throw HeaderFlaw("the shape \(shape) of \(name) overflows") }
        guard bitCount % 8 == 0, bitCount / 8 == byteCount else {
            throw HeaderFlaw(
                "\(name) has \(byteCount) bytes for the shape \(shape) of \(type.name)")
        }
    }
}
