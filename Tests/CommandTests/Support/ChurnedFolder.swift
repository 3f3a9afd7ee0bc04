import SystemPackage

/// A folder that `TreeChurn` knows, by its place among the others: it moves with all that it holds
/// when its own place changes.
final class ChurnedFolder {
    private enum Place {
        case root(RawPath)
        case below(ChurnedFolder, name: [UInt8])
    }

    private var place: Place
    private var isRemoved = false

    /// A root, with its whole path.
    init(root: FilePath) {
        place = .root(RawPath(root))
    }

    /// A folder below another.
    init(_ name: String, in parent: ChurnedFolder) {
        place = .below(parent, name: Array(name.utf8))
    }

    private var parent: ChurnedFolder? {
        if case .below(let parent, _) = place { parent } else { nil }
    }

    var isRoot: Bool { parent == nil }

    /// Where it is now.
    var path: RawPath {
        switch place {
        case .root(let path): path
        case .below(let parent, let name): parent.path.appending(name)
        }
    }

    /// Whether it, or one above it, was removed.
    var isGone: Bool { isRemoved || parent?.isGone ?? false }

    func isInside(_ other: ChurnedFolder) -> Bool {
        self === other || parent?.isInside(other) ?? false
    }

    func move(to parent: ChurnedFolder, as name: String) {
        place = .below(parent, name: Array(name.utf8))
    }

    func remove() { isRemoved = true }
}

/// A file that `TreeChurn` knows.
struct ChurnedFile {
    var folder: ChurnedFolder
    var name: [UInt8]

    var path: RawPath { folder.path.appending(name) }
}
