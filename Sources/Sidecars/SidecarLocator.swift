import Catalogue
import FileSystem
import Foundation
import SystemPackage

/// Finds the sidecar of a picture, or says what a new one is called.
struct SidecarLocator {
    let naming: SidecarNaming

    /// Names that a sidecar of this file may have, the one that counts most first.
    static func candidates(
        for name: FilePath.Component
    ) -> (whole: [FilePath.Component], stem: [FilePath.Component]) {
        // Names are bytes, and need not be text.
        let bytes = Data(name.bytes)
        func named(after subject: Data) -> [FilePath.Component] {
            SidecarName.named(after: subject).compactMap { FilePath.Component(bytes: Array($0)) }
        }
        return (named(after: bytes), named(after: SidecarName.stem(of: bytes)))
    }

    /// The sidecar that is there.
    ///
    /// - Parameters:
    ///   - task: The picture.
    ///   - picture: Its name.
    ///   - folder: Its folder.
    ///   - extensionOf: The extension that a sidecar names which is not called after the whole name; `nil` for none.
    /// - Returns: Its name; `nil` where there is none for this file alone.
    /// - Throws: `SidecarError`.
    func existing(
        for task: SidecarTask, _ picture: FilePath.Component, in folder: borrowing SidecarFolder,
        extensionOf: (FilePath.Component) throws(SidecarError) -> String?
    ) throws(SidecarError) -> FilePath.Component? {
        let names = Self.candidates(for: picture)
        for name in names.whole where try folder.status(of: name) != nil { return name }
        for name in names.stem where try folder.status(of: name) != nil {
            let own = try extensionOf(name)
            if own == picture.extension?.lowercased() { return name }
            // It may be another picture's, whose words would be mixed with this one's.
            if own == nil, !task.hasNamesakes { return name }
        }
        return nil
    }

    /// What a new sidecar is called, in a folder that may be still to be made.
    func new(
        for task: SidecarTask, _ picture: FilePath.Component, in folder: SidecarPlace.Folder?
    ) throws(SidecarError) -> FilePath.Component {
        let names = Self.candidates(for: picture)
        if naming == .replace, !task.hasNamesakes, let name = names.stem.first,
            try folder?.directory.isFree(name) ?? true
        {
            return name
        }
        guard let name = names.whole.first, name.bytes.count <= 255 else {
            throw SidecarError("has too long a name for a sidecar")
        }
        return name
    }
}
