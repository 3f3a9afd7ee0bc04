import Glibc
public import SystemPackage

/// Where something happens that changes what a link stands for.
public struct LinkPlace: Hashable, Sendable {
    /// A folder, its path without links.
    public var folder: FilePath
    /// What comes, changes or goes in it.
    public var name: FilePath.Component
}

extension LinkResolver {
    /// What a link depends on: the file that it leads to, or where that is missing, the deepest folder on the
    /// way that is there and the name that it lacks.
    ///
    /// - Parameter path: The link's path, without links but the last.
    /// - Returns: The place; `nil` where no link stands or it leads to nothing that counts. What is missing
    ///   outside of all watched folders is not waited for.
    public func place(ofLinkAt path: FilePath) -> LinkPlace? {
        guard let text = Self.text(ofLinkAt: path) else { return nil }
        do {
            let location = try path.resolvingLinks()
            guard followsLinks || isInsideRoot(location), let name = location.lastComponent else {
                return nil
            }
            return LinkPlace(folder: location.removingLastComponent(), name: name)
        } catch {
            guard error.meansAbsence else { return nil }
            return place(ofMissing: path.removingLastComponent().pushing(text))
        }
    }

    private func place(ofMissing target: FilePath) -> LinkPlace? {
        var folder = target.lexicallyNormalized()
        while let name = folder.lastComponent {
            folder.removeLastComponent()
            guard let location = try? folder.resolvingLinks() else { continue }
            guard isInsideRoot(location), (try? FileStatus(at: location))?.kind == .directory else {
                return nil
            }
            return LinkPlace(folder: location, name: name)
        }
        return nil
    }

    private static func text(ofLinkAt path: FilePath) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let size = buffer.count - 1
        let count = path.withPlatformString { readlink($0, &buffer, size) }
        guard count > 0 else { return nil }
        return FilePath(bytes: buffer[..<count].map { UInt8(bitPattern: $0) })
    }
}
