import Catalogue
import SystemPackage

/// Finds the sidecar of a picture, or says what a new one is called.
struct SidecarLocator {
    let naming: SidecarNaming

    /// Names that a sidecar of this file may have, the one that counts most first.
    static func candidates(for name: FilePath.Component) -> (whole: [String], stem: [String]) {
        let spellings = [".xmp", ".XMP", ".Xmp"]
        return (spellings.map { name.string + $0 }, spellings.map { name.stem + $0 })
    }

    /// The sidecar that is there.
    ///
    /// - Parameters:
    ///   - extensionOf: The extension that a sidecar names which is not called after the whole name; `nil` for none.
    /// - Returns: Its name; `nil` where there is none for this file alone.
    func existing(
        for task: SidecarTask, _ picture: FilePath.Component, in folder: borrowing SidecarFolder,
        extensionOf: (FilePath.Component) throws(SidecarError) -> String?
    ) throws(SidecarError) -> FilePath.Component? {
        let names = Self.candidates(for: picture)
        for text in names.whole {
            guard let name = FilePath.Component(text), try folder.status(of: name) != nil else {
                continue
            }
            return name
        }
        for text in names.stem {
            guard let name = FilePath.Component(text), try folder.status(of: name) != nil else {
                continue
            }
            let own = try extensionOf(name)
            if own == picture.extension?.lowercased() { return name }
            // It may be another picture's, whose words would be mixed with this one's.
            if own == nil, !task.hasNamesakes { return name }
        }
        return nil
    }

    /// What a new sidecar is called.
    func new(
        for task: SidecarTask, _ picture: FilePath.Component, in folder: borrowing SidecarFolder
    ) throws(SidecarError) -> FilePath.Component {
        let names = Self.candidates(for: picture)
        if naming == .replace, !task.hasNamesakes, let name = FilePath.Component(names.stem[0]),
            try folder.status(of: name) == nil
        {
            return name
        }
        guard let name = FilePath.Component(names.whole[0]), names.whole[0].utf8.count <= 255 else {
            throw SidecarError("has too long a name for a sidecar")
        }
        return name
    }
}
