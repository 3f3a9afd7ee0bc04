import Catalogue
import Daemon
import Foundation
import SystemPackage

extension Catalogue {
    /// What is known of the file that somebody names: by the path as named, else by its folder's real path.
    func details(of path: FilePath) throws -> FileDetails? {
        let absolute = StandardPaths().absolute(path)
        if let details = try show(absolute) { return details }
        guard let name = absolute.lastComponent else { return nil }
        let folder = absolute.removingLastComponent()
        guard let real = folder.withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return try show(FilePath(platformString: real).appending(name))
    }

    /// The picture or clip in the file that somebody names.
    ///
    /// - Throws: `FileNotKnown`, `CatalogueError`.
    func picture(in path: FilePath) throws -> (file: FileDetails, asset: AssetDetails) {
        guard let file = try details(of: path) else { throw FileNotKnown(path, .unknown) }
        guard !file.isSidecar else { throw FileNotKnown(path, .sidecar) }
        guard let asset = file.asset else { throw FileNotKnown(path, .unread(file.job.lastError)) }
        return (file, asset)
    }
}

/// Why words cannot be given to a file, in a line.
struct FileNotKnown: Error, CustomStringConvertible {
    enum Reason {
        case unknown
        case sidecar
        case unread(String?)
    }

    private let path: FilePath
    private let reason: Reason

    init(_ path: FilePath, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    var description: String {
        let name = PathText(path).display
        return switch reason {
        case .unknown:
            "\(name): not in the catalogue; is its folder watched? See 'vignette status'"
        case .sidecar:
            "\(name): a sidecar file; name the picture that it belongs to"
        case .unread(let error):
            "\(name): nobody has looked at it yet\(error.map { " (\($0))" } ?? ""); "
                + "'vignette scan' does"
        }
    }
}
