import FileSystem
import SystemPackage

/// Which links depend on which names in which folders, so that news of a name is also news of the links.
struct LinkTargets {
    /// A link, by the directory that it stands in.
    typealias Link = SettleTracker.File

    private var links: [FilePath: [FilePath.Component: Set<Link>]] = [:]
    private var places: [DirectoryID: [FilePath.Component: LinkPlace]] = [:]

    /// Whether there is no link.
    var isEmpty: Bool { places.isEmpty }

    /// The folders that links depend on.
    var folders: some Collection<FilePath> { links.keys }

    /// The directories with links.
    var directories: some Collection<DirectoryID> { places.keys }

    /// Whether a link depends on a name in a folder.
    func contains(_ folder: FilePath) -> Bool { links[folder] != nil }

    /// The links in a directory.
    func names(in directory: DirectoryID) -> [FilePath.Component] {
        places[directory].map { Array($0.keys) } ?? []
    }

    /// The links that depend on a name.
    func links(to name: FilePath.Component, in folder: FilePath) -> Set<Link> {
        links[folder]?[name] ?? []
    }

    /// The links that depend on any name in a folder.
    func links(into folder: FilePath) -> Set<Link> {
        links[folder]?.values.reduce(into: []) { $0.formUnion($1) } ?? []
    }

    /// Takes note of what a link depends on.
    ///
    /// - Parameters:
    ///   - place: The place; nil if there is no link any more.
    ///   - link: The link.
    /// - Returns: The folder that no link depends on any more, if there is one.
    mutating func set(_ place: LinkPlace?, of link: Link) -> FilePath? {
        let before = places[link.directory]?[link.name]
        guard before != place else { return nil }
        if let place {
            places[link.directory, default: [:]][link.name] = place
            links[place.folder, default: [:]][place.name, default: []].insert(link)
        } else {
            places[link.directory]?[link.name] = nil
            if places[link.directory]?.isEmpty == true { places[link.directory] = nil }
        }
        guard let before else { return nil }
        links[before.folder]?[before.name]?.remove(link)
        if links[before.folder]?[before.name]?.isEmpty == true {
            links[before.folder]?[before.name] = nil
        }
        guard links[before.folder]?.isEmpty == true else { return nil }
        links[before.folder] = nil
        return before.folder
    }
}
