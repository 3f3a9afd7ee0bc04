import FileSystem
import Glibc
import SystemPackage

/// What the service needs for reading a folder, found out by looking at modes and groups.
struct FolderAccess {
    /// A group by whose right something can be read.
    struct Group: Hashable {
        let number: gid_t
        let name: String
    }

    /// The folder, without links on the way.
    let folder: FilePath
    /// Whether sidecars are to be written there.
    let isWritten: Bool
    /// Whether it lies where the service sees nothing of itself: in a home.
    let isHidden: Bool
    /// The groups that are needed, by name.
    private(set) var groups: [Group] = []
    /// What no group helps with, in sentences.
    private(set) var problems: [String] = []

    /// How many files and folders are looked at; that many tell what the others are like.
    private static let mostEntries = 20_000
    /// Folders whose contents systemd hides for `ProtectHome=`.
    private static let homes: [FilePath] = ["/home", "/root", "/run/user"]
    /// Folders that are the system's own.
    private static let foreign: [FilePath] = [
        "/", "/bin", "/boot", "/dev", "/etc", "/lib", "/proc", "/sbin", "/sys", "/usr",
        "/var/lib/vignette",
    ]

    /// Looks at a folder and what is below it.
    ///
    /// - Parameters:
    ///   - folder: Its absolute path, without links on the way.
    ///   - isWritten: Whether sidecars are to be written there.
    /// - Throws: `CommandFailure` for what is no folder, or one of the system's own.
    init(of folder: FilePath, isWritten: Bool) throws {
        self.folder = folder
        self.isWritten = isWritten
        isHidden = Self.homes.contains { folder.starts(with: $0) }
        try check()
        var needs = AccessNeeds(isWritten: isWritten)
        if !isHidden { needs.addAncestors(of: folder) }
        needs.addTree(folder, most: Self.mostEntries)
        groups = needs.groups.compactMap { number in
            AccountNames.group(number).map { Group(number: number, name: $0) }
        }.sorted { $0.name < $1.name }
        problems = needs.problems(folder)
    }

    private func check() throws {
        let shown = PathText(folder).display
        var status = stat()
        guard folder.withPlatformString({ stat($0, &status) }) == 0 else {
            throw CommandFailure("\(shown): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) else {
            throw CommandFailure("\(shown): not a folder")
        }
        guard !Self.foreign.contains(folder), !Self.homes.contains(folder) else {
            throw CommandFailure("\(shown) is the system's own; name a folder with pictures")
        }
        // A line of a unit cannot hold them.
        guard
            String(validating: folder)?.unicodeScalars.allSatisfy({
                $0.value >= 32 && $0.value != 127
            }) ?? false
        else {
            throw CommandFailure(
                "\(shown): systemd takes no names with control characters, or that are no UTF-8; name a folder above it"
            )
        }
    }
}

/// Collects what keeps an account from reading, that is in no group but those that it is given.
private struct AccessNeeds {
    let isWritten: Bool
    /// Groups by whose rights something can be read that not everybody can.
    private(set) var groups: Set<gid_t> = []
    private var ownersOnly = 0
    private var rootsOnly = 0
    private var closedFolders: [FilePath] = []
    private var looked = 0

    init(isWritten: Bool) { self.isWritten = isWritten }

    /// Whoever reads a folder must be able to pass through those above it.
    mutating func addAncestors(of folder: FilePath) {
        var ancestor = folder.removingLastComponent()
        while ancestor.lastComponent != nil {
            var status = stat()
            if ancestor.withPlatformString({ stat($0, &status) }) == 0, !add(status, wanting: 1) {
                closedFolders.append(ancestor)
            }
            ancestor.removeLastComponent()
        }
    }

    /// Looks at a folder and, up to a number, at what is below it.
    mutating func addTree(_ folder: FilePath, most: Int) {
        var folders = [folder]
        while let next = folders.popLast(), looked < most {
            var status = stat()
            guard next.withPlatformString({ lstat($0, &status) }) == 0 else { continue }
            count(status, wanting: isWritten ? 7 : 5)
            guard let directory = next.withPlatformString({ opendir($0) }) else { continue }
            defer { closedir(directory) }
            while let entry = readdir(directory), looked < most {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                        FilePath(platformString: $0)
                    }
                }
                guard name.string != ".", name.string != ".." else { continue }
                let path = next.pushing(name)
                guard path.withPlatformString({ lstat($0, &status) }) == 0 else { continue }
                switch status.st_mode & mode_t(S_IFMT) {
                case mode_t(S_IFDIR): folders.append(path)
                case mode_t(S_IFREG): count(status, wanting: 4)
                default: continue
                }
            }
        }
    }

    private mutating func count(_ status: stat, wanting rights: mode_t) {
        looked += 1
        guard !add(status, wanting: rights) else { return }
        if status.st_gid == 0, status.st_mode >> 3 & rights == rights {
            rootsOnly += 1
        } else {
            ownersOnly += 1
        }
    }

    /// Notes the group by which something can be used.
    ///
    /// - Parameters:
    ///   - status: Of the file or folder.
    ///   - rights: Reading is 4, writing 2, passing through 1.
    /// - Returns: Whether everybody may, or a group.
    private mutating func add(_ status: stat, wanting rights: mode_t) -> Bool {
        if status.st_mode & rights == rights { return true }
        // The group of root reads far more than pictures.
        guard status.st_mode >> 3 & rights == rights, status.st_gid != 0 else { return false }
        groups.insert(status.st_gid)
        return true
    }

    /// What no group helps with.
    func problems(_ folder: FilePath) -> [String] {
        let shown = PathText(folder).display
        var problems: [String] = []
        let use = isWritten ? "read and write" : "read"
        if ownersOnly > 0 {
            problems.append(
                "\(ownersOnly) of \(looked) files and folders in \(shown) only their owner may \(use); "
                    + "'chmod -R g+\(isWritten ? "rwX" : "rX") \(shown)' lets their group.")
        }
        if rootsOnly > 0 {
            problems.append(
                "\(rootsOnly) of \(looked) files and folders in \(shown) belong to the group root, which the service is "
                    + "not put into; 'chgrp -R GROUP \(shown)' gives them to another.")
        }
        for folder in closedFolders {
            problems.append(
                "\(PathText(folder).display) lets nobody else pass; 'chmod o+x \(PathText(folder).display)' does."
            )
        }
        return problems
    }
}
