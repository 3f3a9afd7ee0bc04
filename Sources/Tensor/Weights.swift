/// A tensor as it stands in a checkpoint: type, shape and where its bytes are.
public struct Weights: Sendable {
    /// How each number is stored.
    public let elementType: ElementType
    /// Row-major shape, outermost first; empty for a scalar.
    public let shape: [Int]
    /// The file that holds the bytes.
    public let file: MappedFile
    /// Where in the file the bytes are.
    ///
    /// As many as shape and type ask for; the start may be unaligned.
    public let range: Range<Int>

    /// Builds a description of stored numbers.
    ///
    /// - Precondition: the range lies within the file and fits shape and type.
    public init(elementType: ElementType, shape: [Int], file: MappedFile, range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= file.bytes.count)
        precondition(range.count == shape.reduce(1, *) * elementType.byteCount)
        self.elementType = elementType
        self.shape = shape
        self.file = file
        self.range = range
    }

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The stored bytes, valid while `file` lives.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[range])
    }
}
