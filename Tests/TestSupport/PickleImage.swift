/// A pickle that a test writes opcode by opcode.
public struct PickleImage: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = [0x80, 2]

    /// Begins with the opcode that names protocol 2.
    public init() {}

    /// The pickle, ended.
    public var ended: [UInt8] { bytes + [0x2E] }

    /// Opcodes as they are.
    public mutating func raw(_ bytes: [UInt8]) { self.bytes += bytes }
    /// Opcodes whose bytes are letters.
    public mutating func raw(_ letters: String) { bytes += Array(letters.utf8) }

    /// A name in a module.
    public mutating func global(_ module: String, _ name: String) { raw("c\(module)\n\(name)\n") }

    /// A text.
    public mutating func text(_ text: String) {
        bytes += [0x58] + ZipImage.little(UInt64(text.utf8.count), 4) + Array(text.utf8)
    }

    /// A number in eight bytes.
    public mutating func integer(_ number: Int) {
        bytes += [0x8A, 8] + ZipImage.little(UInt64(bitPattern: Int64(number)), 8)
    }

    /// A tuple of numbers.
    public mutating func sizes(_ sizes: [Int]) {
        raw("(")
        sizes.forEach { integer($0) }
        raw("t")
    }

    /// A tensor as torch writes it.
    public mutating func tensor(
        _ key: String = "0", storage: String = "FloatStorage", count: Int, offset: Int = 0,
        shape: [Int], strides: [Int]? = nil
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        raw("((")
        text("storage")
        global("torch", storage)
        text(key)
        text("cpu")
        integer(count)
        raw("tQ")
        integer(offset)
        sizes(shape)
        sizes(strides ?? Self.rowMajor(shape))
        raw([0x89])
        global("collections", "OrderedDict")
        raw(")RtR")
    }

    private static func rowMajor(_ shape: [Int]) -> [Int] {
        shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }

    /// A dictionary whose names and values `change` writes, by turns.
    public static func dictionary(_ change: (inout PickleImage) -> Void) -> [UInt8] {
        var pickle = PickleImage()
        pickle.raw("}(")
        change(&pickle)
        pickle.raw("u")
        return pickle.ended
    }
}

/// The bytes of a file as torch writes it, around a pickle and stored numbers.
public func torchArchive(_ pickle: [UInt8], data: [String: [UInt8]] = [:]) -> ZipImage {
    let numbers = data.sorted { $0.key < $1.key }.map {
        ZipImage.Entry("archive/data/\($0.key)", $0.value)
    }
    return ZipImage(
        [ZipImage.Entry("archive/data.pkl", pickle)] + numbers
            + [ZipImage.Entry("archive/version", Array("3\n".utf8))])
}
