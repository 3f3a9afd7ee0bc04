package import JSONScanning
package import SystemPackage

/// A JSON file's keys, read with their types and bounds checked; an error names file and key.
///
/// `null` counts as absent, as it does for the library that writes these files.
package struct ConfigurationFile {
    package let path: FilePath
    private let values: [String: JSONValue]
    /// The keys that lead to this object, with a dot after each.
    private let prefix: String

    private static let largestFile = 1 << 20

    /// Reads a file of at most 1 MiB whose JSON is an object.
    package init(_ path: FilePath) throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try Self.read(path)
        } catch {
            throw ModelError(path, "cannot be read", cause: error)
        }
        guard bytes.count <= Self.largestFile else {
            throw ModelError(path, "is larger than any configuration (1 MiB)")
        }
        let value: JSONValue
        do {
            value = try bytes.withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                let value = try scanner.value()
                try scanner.expectEnd()
                return value
            }
        } catch {
            throw ModelError(
                path, "is not valid JSON", advice: "Copy or download it again.", cause: error)
        }
        guard case .object(let values) = value else {
            throw ModelError(path, "holds JSON that is no object")
        }
        self.init(path: path, values: values, prefix: "")
    }

    /// Stands for keys that are already in memory.
    package init(path: FilePath, values: [String: JSONValue], prefix: String = "") {
        self.path = path
        self.values = values
        self.prefix = prefix
    }

    /// The value of a key; `nil` where it is absent or null.
    package subscript(key: String) -> JSONValue? {
        guard let value = values[key], value != .null else { return nil }
        return value
    }

    package func integer(
        _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
    ) throws(ModelError) -> Int {
        guard let value = self[key] else { return try absent(key, fallback) }
        guard case .integer(let number) = value, range.contains(number) else {
            throw wrong(
                key,
                "is \(value.shown), not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    package func number(
        _ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil
    ) throws(ModelError) -> Double {
        guard let value = self[key] else { return try absent(key, fallback) }
        guard let number = value.double, range.contains(number) else {
            throw wrong(
                key,
                "is \(value.shown), not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func flag(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
        guard let value = self[key] else { return fallback }
        guard case .boolean(let flag) = value else {
            throw wrong(key, "is \(value.shown), neither true nor false")
        }
        return flag
    }

    package func text(_ key: String, default fallback: String? = nil) throws(ModelError) -> String {
        guard let value = self[key] else { return try absent(key, fallback) }
        guard case .string(let text) = value else {
            throw wrong(key, "is \(value.shown), not a text")
        }
        return text
    }

    /// A whole number that is either absent, alone or one of a list.
    package func integers(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> [Int] {
        let elements: [JSONValue] =
            switch self[key] {
            case nil: []
            case .array(let list): list
            case .some(let value): [value]
            }
        var numbers: [Int] = []
        for element in elements {
            guard case .integer(let number) = element, range.contains(number) else {
                throw wrong(
                    key,
                    "holds \(element.shown), not a whole number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            numbers.append(number)
        }
        return numbers
    }

    /// A list of so many numbers.
    package func numbers(
        _ key: String, count: Int, in range: ClosedRange<Double>, default fallback: [Double]
    ) throws(ModelError) -> [Double] {
        guard let value = self[key] else { return fallback }
        guard case .array(let list) = value, list.count == count else {
            throw wrong(key, "is \(value.shown), not a list of \(count) numbers")
        }
        let numbers = list.compactMap(\.double)
        guard numbers.count == count, numbers.allSatisfy(range.contains) else {
            throw wrong(
                key,
                "holds something other than \(count) numbers from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return numbers
    }

    /// Whether the value of a key is an object.
    package func holdsObject(_ key: String) -> Bool {
        if case .object(_)? = values[key] { true } else { false }
    }

    /// The object under a key; `nil` where it is absent.
    package func object(_ key: String) throws(ModelError) -> ConfigurationFile? {
        guard let value = self[key] else { return nil }
        guard case .object(let values) = value else {
            throw wrong(key, "is \(value.shown), not an object")
        }
        return ConfigurationFile(path: path, values: values, prefix: "\(prefix)\(key).")
    }

    /// The objects of a list; none where the key is absent.
    package func objects(_ key: String, limit: Int) throws(ModelError) -> [ConfigurationFile] {
        var objects: [ConfigurationFile] = []
        for (index, element) in try list(key, limit: limit).enumerated() {
            guard case .object(let values) = element else {
                throw wrong(key, "holds \(element.shown), not an object")
            }
            objects.append(
                ConfigurationFile(
                    path: path, values: values, prefix: "\(prefix)\(key)[\(index)]."))
        }
        return objects
    }

    /// The texts of a list; none where the key is absent.
    package func texts(_ key: String, limit: Int) throws(ModelError) -> [String] {
        var texts: [String] = []
        for element in try list(key, limit: limit) {
            guard case .string(let text) = element else {
                throw wrong(key, "holds \(element.shown), not a text")
            }
            texts.append(text)
        }
        return texts
    }

    private func list(_ key: String, limit: Int) throws(ModelError) -> [JSONValue] {
        guard let value = self[key] else { return [] }
        guard case .array(let list) = value else {
            throw wrong(key, "is \(value.shown), not a list")
        }
        guard list.count <= limit else {
            throw wrong(key, "has \(list.count) elements, and at most \(limit) can be")
        }
        return list
    }

    /// The error for a key whose value cannot be used.
    package func wrong(_ key: String, _ reason: String) -> ModelError {
        ModelError(path, "'\(prefix)\(key)' \(reason)")
    }

    private func absent<Value>(_ key: String, _ fallback: Value?) throws(ModelError) -> Value {
        guard let fallback else { throw wrong(key, "is missing") }
        return fallback
    }

    /// Reads a little more than the largest file, so that a larger one is noticed.
    private static func read(_ path: FilePath) throws -> [UInt8] {
        // Not blocking, so that a named pipe does not hold the program up.
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        return try file.closeAfter {
            var bytes = [UInt8](repeating: 0, count: largestFile + 1)
            var count = 0
            while count < bytes.count {
                let part = try bytes.withUnsafeMutableBytes {
                    try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
                }
                guard part > 0 else { break }
                count += part
            }
            return Array(bytes.prefix(count))
        }
    }
}

extension JSONValue {
    /// The value in a message, cut where it is long.
    fileprivate var shown: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): "'\(value.prefix(60))'"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The number in double precision; `nil` where it is none or not finite.
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value) where value.isFinite: value
        default: nil
        }
    }
}
