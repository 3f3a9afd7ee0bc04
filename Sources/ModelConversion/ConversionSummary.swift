/// What a conversion has done.
public struct ConversionSummary: Sendable {
    /// Bytes of the source's tensors.
    public let bytesBefore: Int
    /// Bytes of the file that they have become.
    public let bytesAfter: Int
    /// How many of them were packed.
    public let packedTensors: Int
    /// How long it took.
    public let duration: Duration
    /// The largest error of a weight, as a share of the largest magnitude of the 256 that share a
    /// scale with it.
    public let largestError: Double
    /// The root mean square error of all packed weights, as a share of their root mean square.
    public let relativeError: Double
}
