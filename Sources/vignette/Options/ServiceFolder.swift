import Glibc
import SystemPackage

/// The folder of the service's catalogue, which its group may use.
struct ServiceFolder {
    private let folder: FilePath

    /// The folder of a catalogue.
    init(of catalogue: FilePath) { folder = catalogue.removingLastComponent() }

    /// Makes sure that whoever asks may look into it.
    ///
    /// - Throws: `CommandFailure` that says how one may.
    func checkAccess() throws {
        let result = folder.withPlatformString { access($0, R_OK | X_OK) }
        guard result != 0, errno == EACCES else { return }
        throw CommandFailure(
            "\(folder) is for the service and its group '\(group)': 'sudo adduser YOU \(group)', then sign in again"
        )
    }

    /// The name of the group that it belongs to.
    private var group: String {
        var status = stat()
        guard folder.withPlatformString({ stat($0, &status) }) == 0 else { return "vignette" }
        return AccountNames.group(status.st_gid) ?? "vignette"
    }
}

/// Names of accounts and groups, as the system knows them.
enum AccountNames {
    /// A group's name; `nil` where none is known.
    static func group(_ number: gid_t) -> String? {
        var entry = group_entry()
        var found: UnsafeMutablePointer<group_entry>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        guard getgrgid_r(number, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return nil
        }
        return String(cString: entry.gr_name)
    }
}

/// `struct group`, which has the name of a function of Swift's too.
private typealias group_entry = Glibc.group
