extension JSONScanner {
    /// Passes over one value, whatever it is.
    ///
    /// Brackets are kept on a list of bounded length, so depth costs neither stack nor memory.
    ///
    /// - Throws: `Failure` where no value stands, or one nested deeper than `maximumDepth`.
    public mutating func skipValue() throws {
        var closers: [UInt8] = []
        repeat {
            switch peek() {
            case UInt8(ascii: "{"):
                offset += 1
                closers.append(UInt8(ascii: "}"))
                if try openedWithContent(&closers) {
                    try skipKey()
                    continue
                }
            case UInt8(ascii: "["):
                offset += 1
                closers.append(UInt8(ascii: "]"))
                if try openedWithContent(&closers) { continue }
            default:
                try skipScalar()
            }
            try finishValue(&closers)
        } while !closers.isEmpty
    }

    /// Whether the bracket just opened holds anything; an empty one is closed at once.
    private mutating func openedWithContent(_ closers: inout [UInt8]) throws -> Bool {
        guard closers.count <= Self.maximumDepth, let closer = closers.last else {
            throw failure("more than \(Self.maximumDepth) arrays or objects within each other")
        }
        guard take(closer) else { return true }
        closers.removeLast()
        return false
    }

    /// Behind a value: closes what ends here and moves on to the next value, if one follows.
    private mutating func finishValue(_ closers: inout [UInt8]) throws {
        while let closer = closers.last {
            if take(closer) {
                closers.removeLast()
                continue
            }
            try expect(UInt8(ascii: ","))
            if closer == UInt8(ascii: "}") { try skipKey() }
            return
        }
    }

    private mutating func skipKey() throws {
        _ = try string()
        try expect(UInt8(ascii: ":"))
    }

    private mutating func skipScalar() throws {
        guard let first = peek() else { throw failure("expected a value") }
        if first == UInt8(ascii: "\"") {
            _ = try string()
        } else if isDigit(first) || first == UInt8(ascii: "-") {
            try skipNumber()
        } else if !(takeWord("true") || takeWord("false") || takeWord("null")) {
            throw failure("expected a value")
        }
    }

    /// Passes over a number; what its digits mean is nobody's concern here.
    private mutating func skipNumber() throws {
        offset += 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                offset += 1
            default: return
            }
        }
    }
}
