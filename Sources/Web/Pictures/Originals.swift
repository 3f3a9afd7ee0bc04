public import Catalogue
import FileSystem
import MediaDecoding
public import SystemPackage

/// The files that pictures are read from, found by what the catalogue knows and opened by the rules of the watched
/// folders: no link below a folder is followed out of it, and another file in the same place is not shown for it.
public struct Originals: Sendable {
    private let lookup: FileLookup

    /// Prepares to find files below roots.
    ///
    /// - Parameters:
    ///   - roots: The roots of the catalogue.
    ///   - followsLinks: Whether links out of all of them are followed.
    public init(roots: [FilePath], followsLinks: Bool) {
        lookup = FileLookup(roots: roots, followsLinks: followsLinks)
    }

    /// Where to open a file, and the folder that it must lie in; `nil` if it is not the one that the catalogue knows.
    public func place(of source: WorkSource) -> (path: FilePath, folder: FilePath?)? {
        guard isUnchanged(source) else { return nil }
        return lookup.opening(of: source.relativePath, below: source.root)
    }

    /// Whether the file is still the one that the catalogue knows.
    public func isUnchanged(_ source: WorkSource) -> Bool {
        guard
            case .present(let status, let volume) = lookup.look(
                at: source.relativePath, below: source.root)
        else { return false }
        return volume == source.volume && status.kind == .file
            && source.status.hasSameContent(as: status)
    }

    /// Opens a file to be sent as it is.
    ///
    /// - Returns: The file; `nil` if it is not the one that the catalogue knows.
    /// - Throws: `DecodingError`, `Errno`.
    func open(_ source: WorkSource) throws -> ServedFile? {
        guard let place = place(of: source) else { return nil }
        let file = try ServedFile(MediaOpening.open(place.path, beneath: place.folder))
        // It may have been replaced between the look and the opening.
        return isUnchanged(source) && file.size == source.status.size ? file : nil
    }
}
