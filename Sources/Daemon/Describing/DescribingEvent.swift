public import Captioning
public import SystemPackage

/// What became of a file, for whoever shows it.
public enum DescribingEvent: Sendable {
    /// The model looked at it.
    case described(root: FilePath, path: FilePath, PictureDescription)
    /// The same picture was described before; the model did not run.
    case known(root: FilePath, path: FilePath)
    /// It could not be described, for now or for good.
    case failed(root: FilePath, path: FilePath, reason: String, isFinal: Bool)
}
