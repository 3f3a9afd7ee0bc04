import Catalogue
import SystemPackage

/// What of a library may be told: all of it, or what lies below a folder.
struct LibraryScope: Sendable {
    /// The folder; `nil` for all.
    let folder: FilePath?

    /// What every search must add.
    var filters: [SearchFilter] { folder.map { [SearchFilter(.below($0))] } ?? [] }

    /// Whether a path may be told.
    func contains(_ path: FilePath) -> Bool {
        folder.map { path != $0 && path.starts(with: $0) } ?? true
    }

    /// What was found with the files that may be told; `nil` where none is left.
    func narrowed(_ hit: SearchHit) -> SearchHit? {
        var hit = hit
        hit.files.removeAll { !contains($0.path) }
        return hit.files.isEmpty ? nil : hit
    }
}
