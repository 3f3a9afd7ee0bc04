import FileSystem
import Glibc
import SystemPackage

/// Where a picture's sidecar is, or is to be.
struct SidecarPlace {
    /// A folder that stays open as long as somebody works in it.
    final class Folder {
        let directory: SidecarFolder

        init(_ directory: consuming SidecarFolder) {
            self.directory = directory
        }
    }

    /// The picture's name.
    let picture: FilePath.Component
    /// What stands there.
    let status: stat
    /// The sidecar's folder; `nil` where it is still to be made, which no dry run does.
    let folder: Folder?
    /// The folder below which it is: the picture's root, or the one that holds sidecars apart.
    let top: FilePath
    /// The sidecar's folder below that.
    let directory: FilePath
    /// The sidecar's name.
    let name: FilePath.Component
    /// Whether there is one.
    let isThere: Bool
    /// Whether it lies apart from its picture.
    let isApart: Bool

    /// The sidecar's folder.
    var above: FilePath { top.pushing(directory) }

    var path: FilePath { above.appending(name) }

    /// Where it lies in the folder that holds sidecars apart; `nil` for one beside its picture.
    var placeApart: FilePath? { isApart ? directory.appending(name) : nil }

    /// What a new sidecar names that is not called after the picture's whole name.
    var fileExtension: String? {
        name.bytes.starts(with: picture.bytes) ? nil : picture.extension?.lowercased()
    }

    /// The bytes of the sidecar; `nil` where there is none.
    func contents(limit: Int) throws(SidecarError) -> [UInt8]? {
        guard isThere, let folder else { return nil }
        return try folder.directory.contents(of: name, limit: limit)
    }
}
