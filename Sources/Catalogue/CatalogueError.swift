import GRDB
public import SystemPackage

/// What can go wrong with the catalogue, in words that say what to do about it.
public enum CatalogueError: Error, Sendable {
    /// No catalogue stands at the path.
    case missing(FilePath)
    /// Another process owns the catalogue; its id where it is known.
    case alreadyOwned(FilePath, processID: Int32?)
    /// The file is no database, or a broken one; SQLite's words.
    case damaged(FilePath, reason: String)
    /// The file is a database of some other program.
    case foreign(FilePath)
    /// A newer Vignette has written the catalogue.
    case newerSchema(FilePath)
    /// An older Vignette has written the catalogue, and a reader may not bring it up to date.
    case olderSchema(FilePath)
    /// No space is left for the catalogue; the change was rolled back whole.
    case diskFull(FilePath)
    /// The file or its folder cannot be opened, read or written.
    case inaccessible(FilePath, reason: String)
    /// Somebody else kept the catalogue locked for longer than the time allowed.
    case busy(FilePath)
    /// A change was asked of a catalogue that was opened for reading.
    case readOnly(FilePath)
    /// Somebody else has edited the picture since the one who edits it now looked at it.
    case editedMeanwhile
    /// A value that the catalogue cannot hold.
    case invalid(reason: String)
    /// Any other error of the database.
    case failed(FilePath, cause: any Error)

    /// Translates an error of the database under the catalogue at `path`.
    init(_ error: any Error, at path: FilePath) {
        if let known = error as? CatalogueError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(path, cause: error)
            return
        }
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        self =
            switch error.extendedResultCode {
            // The index of the write-ahead log could not grow: the disk is full there too.
            case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE: .diskFull(path)
            // Nothing that is stored comes near SQLite's limit: such a length is one of wrong bytes.
            case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_TOOBIG: .damaged(path, reason: reason)
            case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: .busy(path)
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH, .SQLITE_IOERR:
                .inaccessible(path, reason: reason)
            default: .failed(path, cause: error)
            }
    }
}

extension CatalogueError: CustomStringConvertible {
    /// One line: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): there is no catalogue yet; make one with: vignette scan DIR"
        case .alreadyOwned(let path, let processID):
            "\(path): \(processID.map { "process \($0)" } ?? "another process") is already "
                + "at work on this catalogue; stop it first, or choose another with --catalogue"
        case .damaged(let path, let reason):
            "\(path): the catalogue is damaged (\(reason)); move it away together with its -wal "
                + "file and restore a backup, or make a new one with: vignette scan DIR"
        case .foreign(let path):
            "\(path): this is another program's database; choose another file with --catalogue"
        case .newerSchema(let path):
            "\(path): a newer version of Vignette has written this catalogue; update Vignette"
        case .olderSchema(let path):
            "\(path): an older version of Vignette has written this catalogue; "
                + "bring it up to date with: vignette scan"
        case .diskFull(let path):
            "\(path): the disk is full; nothing was lost, but make room before going on"
        case .inaccessible(let path, let reason):
            "\(path): the catalogue cannot be used (\(reason)); "
                + "check the file, its folder and their permissions"
        case .busy(let path):
            "\(path): the catalogue stayed locked by another program; try again"
        case .readOnly(let path):
            "\(path): the catalogue was opened for reading only"
        case .editedMeanwhile:
            "somebody has edited this picture meanwhile; look at it again before editing it"
        case .invalid(let reason): reason
        case .failed(let path, let cause): "\(path): the catalogue failed: \(cause)"
        }
    }
}
