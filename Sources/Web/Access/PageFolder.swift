import FileSystem
import Glibc
public import SystemPackage

/// The folder beside the catalogue in which it is kept who may see the page; for its owner's eyes only.
///
/// What is in it are names of files, each the digest of a secret: whoever reads them can do nothing with them.
public struct PageFolder: Sendable {
    /// Where it is.
    public let path: FilePath

    /// The folder of a catalogue; nothing is made yet.
    public init(of catalogue: FilePath) { path = FilePath(catalogue.string + ".page") }

    var tokens: FilePath { path.appending("tokens") }
    var sessions: FilePath { path.appending("sessions") }
    var password: FilePath { path.appending("password") }

    /// Makes it with all that belongs in it, for the owner of the folder that it is in: root may do this for a service.
    ///
    /// - Throws: `Errno`.
    func make() throws {
        let owner = try FileStatusOwner(of: path.removingLastComponent())
        for folder in [path, tokens, sessions] {
            let result = folder.withPlatformString { mkdir($0, 0o700) }
            guard result == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
            if result == 0 { try owner.take(folder) }
        }
    }

    /// Makes an empty file; `name` is of our own making.
    ///
    /// - Throws: `Errno`.
    static func addFile(_ name: String, to folder: FilePath) throws {
        try FileDescriptor.open(
            folder.appending(name), .writeOnly,
            options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite
        ).close()
    }

    /// Removes a file.
    ///
    /// - Returns: Whether it was there, and this call removed it.
    @discardableResult static func removeFile(_ name: String, from folder: FilePath) -> Bool {
        folder.appending(name).withPlatformString { unlink($0) } == 0
    }

    /// The files of a folder, with the seconds since 1970 at which each was made.
    static func files(in folder: FilePath) -> [(name: String, madeAt: Double)] {
        guard let directory = folder.withPlatformString({ opendir($0) }) else { return [] }
        defer { closedir(directory) }
        var files: [(String, Double)] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix("."), let time = madeAt(folder.appending(name)) else { continue }
            files.append((name, time))
        }
        return files
    }

    /// When a file was last written, in seconds since 1970; `nil` where there is none.
    static func madeAt(_ path: FilePath) -> Double? {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    }
}

/// Who owns a folder, to give others to the same.
private struct FileStatusOwner {
    private let user: uid_t
    private let group: gid_t

    init(of folder: FilePath) throws {
        var status = stat()
        guard folder.withPlatformString({ stat($0, &status) }) == 0 else {
            throw Errno(rawValue: errno)
        }
        (user, group) = (status.st_uid, status.st_gid)
    }

    /// Gives a folder to this owner, which root alone can, and needs to.
    func take(_ folder: FilePath) throws {
        guard geteuid() == 0, user != 0 else { return }
        guard folder.withPlatformString({ chown($0, user, group) }) == 0 else {
            throw Errno(rawValue: errno)
        }
    }
}
