public import SystemPackage
public import Tensor

/// A mapped file of named tensors, every one of which lies within it.
public protocol TensorFile: Sendable {
    /// The file.
    var path: FilePath { get }
    /// The tensors in a number format that the engine computes with.
    var weights: [String: Weights] { get }
    /// The other tensors: their number format's name, such as `I64`.
    var unusable: [String: String] { get }
    /// How much description the file has; bounds what a folder of files can make us keep.
    var headerByteCount: Int { get }
}
