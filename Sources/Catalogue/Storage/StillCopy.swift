import CSQLiteSettings
import Foundation
import GRDB
import Glibc
import SystemPackage

/// A catalogue that nobody can write, such as one in a snapshot or a backup, made readable.
///
/// In WAL mode SQLite makes a `-shm` file beside the database even to read, and where it cannot, refuses.
/// Without a log beside it the file is all there is: it is opened as `immutable`, without locks. With a
/// log, file and log are copied to a private temporary folder, where SQLite reads both.
struct StillCopy {
    let queue: DatabaseQueue
    /// The folder with the copy, to be removed when the queue is closed.
    let folder: FilePath?

    /// URIs have to be allowed before SQLite opens anything.
    static let acceptsURIs = vignette_sqlite_accept_uris() == 0

    /// Whether an error of opening may come from a place that cannot be written, and nobody else can be
    /// writing there: a running owner keeps a `-shm` file, with which opening would have worked.
    static func mayHelp(with error: any Error, at path: FilePath) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR: break
        default: return false
        }
        let folder = path.removingLastComponent()
        let place = folder.isEmpty ? "." : folder
        return place.withPlatformString { access($0, W_OK) } != 0
            && (isReadOnly(place) || !exists(path.string + "-shm"))
    }

    /// Opens the catalogue at `path`.
    ///
    /// - Throws: GRDB's errors, or those of copying.
    init(of path: FilePath, configuration: Configuration) throws {
        let log = path.string + "-wal"
        guard (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0 > 0
        else {
            _ = Self.acceptsURIs
            queue = try DatabaseQueue(
                path: try Self.immutableURI(path), configuration: configuration)
            folder = nil
            return
        }
        let folder = try Self.makeFolder()
        do {
            let copy = folder.appending("catalogue.sqlite")
            try FileManager.default.copyItem(atPath: path.string, toPath: copy.string)
            try FileManager.default.copyItem(atPath: log, toPath: copy.string + "-wal")
            // A read-only file stays read-only when it is copied, and the log could not be opened.
            for file in [copy.string, copy.string + "-wal"] { chmod(file, 0o600) }
            queue = try DatabaseQueue(path: copy.string, configuration: configuration)
        } catch {
            try? FileManager.default.removeItem(atPath: folder.string)
            throw error
        }
        self.folder = folder
    }

    /// Removes the copy, if there is one.
    static func remove(_ folder: FilePath?) {
        if let folder { try? FileManager.default.removeItem(atPath: folder.string) }
    }

    /// Every byte but letters, digits and slashes is escaped.
    private static func immutableURI(_ path: FilePath) throws -> String {
        guard let resolved = path.withPlatformString({ realpath($0, nil) }) else {
            throw Errno(rawValue: errno)
        }
        defer { free(resolved) }
        let escaped = String(cString: resolved).utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar == "/" || scalar.properties.isAlphabetic && scalar.isASCII
                ? String(scalar) : String(format: "%%%02X", byte)
        }
        return "file:\(escaped.joined())?immutable=1"
    }

    private static func makeFolder() throws -> FilePath {
        let parent = FileManager.default.temporaryDirectory.path
        var template = Array("\(parent)/vignette-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        return FilePath(platformString: template)
    }

    private static func isReadOnly(_ folder: FilePath) -> Bool {
        var status = statvfs()
        guard folder.withPlatformString({ statvfs($0, &status) }) == 0 else { return false }
        return status.f_flag & UInt(ST_RDONLY) != 0
    }

    private static func exists(_ file: String) -> Bool {
        access(file, F_OK) == 0
    }
}
