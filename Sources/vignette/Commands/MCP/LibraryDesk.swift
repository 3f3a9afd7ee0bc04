import Catalogue
import Daemon
import MCP
import MediaDecoding
import SystemPackage
import Web
import WorkQueue

/// What the tools of an assistant look into: the catalogue, for reading, as far as it may be told.
struct LibraryDesk: Sendable {
    let settings: Settings
    let scope: LibraryScope

    /// Runs `body` with a reader of the catalogue; what it reads ends when nobody wants it any more.
    ///
    /// A reader is opened for each call, since the file may be made or replaced meanwhile.
    ///
    /// - Throws: `CancellationError`, `CatalogueError`, what `body` throws.
    func read<Value>(
        _ cancellation: Cancellation, _ body: (Catalogue) throws -> Value
    ) throws -> Value {
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        defer { catalogue.close() }
        let value = try cancellation.whileWanted {
            catalogue.interrupt()
        } _: {
            try body(catalogue)
        }
        try cancellation.check()
        return value
    }

    /// Runs `body`, which decodes; what cannot be decoded is told without its path, since another file of the same
    /// picture may have been opened, in a place that may not be told.
    ///
    /// - Throws: `CancellationError`, `CommandFailure`, what else `body` throws.
    func decode<Value>(
        _ program: FilePath, _ cancellation: Cancellation, _ body: (Decoder) throws -> Value
    ) throws -> Value {
        let decoder = Decoder(executable: program, limits: settings.decoderLimits)
        defer { decoder.close() }
        do {
            return try cancellation.whileWanted {
                decoder.cancel()
            } _: {
                try body(decoder)
            }
        } catch let error as DecodingError {
            throw CommandFailure("a picture cannot be read: \(error.reason)")
        }
    }

    /// How pictures are searched for.
    func search(_ catalogue: Catalogue) -> TypedSearch {
        TypedSearch(catalogue: catalogue, chosen: nil, settings: settings)
    }

    /// What is known of a file that an assistant names.
    ///
    /// - Throws: `FileNotKnown`, also for what may not be told.
    func details(of path: String, _ catalogue: Catalogue) throws -> FileDetails {
        let path = FilePath(path)
        guard let details = try catalogue.details(of: path), scope.contains(details.location.path)
        else { throw FileNotKnown(path, .unknown) }
        return details
    }

    /// The number of the picture in a file that an assistant names.
    ///
    /// - Throws: `FileNotKnown`.
    func asset(of path: String, _ catalogue: Catalogue) throws -> Int64 {
        let details = try details(of: path, catalogue)
        guard !details.isSidecar else { throw FileNotKnown(FilePath(path), .sidecar) }
        guard let asset = details.asset else {
            throw FileNotKnown(FilePath(path), .unread(details.job.lastError))
        }
        return asset.id
    }

    /// Where files are opened, by the rules of watched folders.
    func originals(_ catalogue: Catalogue) throws -> Originals {
        Originals(roots: try catalogue.roots().map(\.path), followsLinks: settings.followsLinks)
    }
}
