@testable import Catalogue
import FileSystem
import Foundation
import SystemPackage
import WorkQueue

/// What happens to the disks, and what is seen of it.
extension CatalogueWorld {
    /// What a name is on now.
    func volume(of name: String) -> Volume {
        if let mounted, name == "d" || name.hasPrefix("d/") {
            return Volume(key: mounted, point: "d")
        }
        return CatalogueFixture.disk
    }

    mutating func mount(_ key: String?) throws {
        mounted = key
        if key == "other", random.oneIn(2) {
            // A copy, whose inodes and device are its own.
            let card = disks["card"] ?? [:]
            disks["other"] = card.mapValues { entry in
                var copy = entry
                copy.status.device = 3
                copy.status.inode += 5000
                return copy
            }
        }
        var volumes = [CatalogueFixture.disk]
        if let key { volumes.append(Volume(key: key, point: "d")) }
        try catalogue.setOnline(fixture.root.id, volumes: volumes)
        model.mount(volumes.map(\.key)) { file in
            key != nil && file.volume == "disk" && file.name.hasPrefix("d/")
        }
        guard !random.oneIn(3) else { return }
        try catalogue.lookedThrough(fixture.root.id, at: moment)
        model.lookedThrough(at: now)
    }

    mutating func changeDisk() throws {
        let name = pick(Self.names)
        let key = volume(of: name).key
        switch (Int.random(in: 0..<6, using: &random), disks[key]?[name]) {
        case (0, .some(var entry)):
            entry.status.changed = clock
            disks[key]?[name] = entry
        case (1, .some(var entry)):
            entry.content = anyContent()
            entry.status.modified = clock
            entry.status.changed = clock
            disks[key]?[name] = entry
        case (2, .some(var entry)):
            let target = pick(Self.names)
            guard volume(of: target).key == key else { break }
            disks[key]?[name] = nil
            entry.status.changed = clock
            disks[key]?[target] = entry
        case (3, .some): disks[key]?[name] = nil
        default:
            let device: UInt64 = key == "disk" ? 1 : key == "card" ? 2 : 3
            let status = FileStatus(
                kind: .file, device: device, inode: UInt64(clock), size: 10, modified: clock,
                changed: clock)
            let content = anyContent()
            disks[key]?[name] = (status, content)
        }
        try observe(name)
    }

    mutating func observe(_ name: String) throws {
        let volume = volume(of: name)
        if let entry = disks[volume.key]?[name] {
            try observe(.settled(FilePath(name), entry.status, volume))
            model.settle(name, entry.status, on: volume.key)
        } else {
            try observe(.absent(FilePath(name), volume))
            model.lose(
                on: volume.key, where: { $0 == name || $0.hasPrefix(name + "/") }, at: now)
        }
    }

    /// Lists a directory, or tells that it is not there.
    mutating func list() throws {
        let directory = pick(["", "a", "d", "d/e", "d.x", "dd", "dd/e.f"])
        let prefix = directory.isEmpty ? "" : directory + "/"
        let volume = volume(of: directory)
        let visible = disks[volume.key] ?? [:]
        let below = visible.keys.filter { $0.hasPrefix(prefix) }
        let isMountPoint = directory == "d" && mounted != nil
        guard !below.isEmpty || directory.isEmpty || isMountPoint else {
            try observe(.absent(FilePath(directory), volume))
            model.lose(on: volume.key, where: { $0.hasPrefix(prefix) }, at: now)
            return
        }
        var listing = DirectoryListing(
            directory: FilePath(directory), volume: volume, files: [], subdirectories: [])
        var subdirectories: Set<String> = []
        if directory.isEmpty, mounted != nil {
            subdirectories.insert("d")
            listing.subdirectories.append("d")
        }
        for name in below.sorted() {
            let parts = name.dropFirst(prefix.count).split(separator: "/").map(String.init)
            guard let component = FilePath.Component(parts[0]), let entry = visible[name] else {
                continue
            }
            if parts.count > 1 {
                if subdirectories.insert(parts[0]).inserted {
                    listing.subdirectories.append(component)
                }
                continue
            }
            let isSettled = !random.oneIn(4)
            listing.files.append(
                ListedFile(name: component, status: entry.status, isSettled: isSettled))
            if isSettled { model.settle(name, entry.status, on: volume.key) }
        }
        try observe(.listing(listing))
        model.lose(
            on: volume.key,
            where: { $0.hasPrefix(prefix) && !Self.isListed($0, prefix, listing) }, at: now)
    }

    static func isListed(_ name: String, _ prefix: String, _ listing: DirectoryListing)
        -> Bool
    {
        let parts = name.dropFirst(prefix.count).split(separator: "/").map(String.init)
        return parts.count > 1
            ? listing.subdirectories.contains { $0.string == parts[0] }
            : listing.files.contains { $0.name.string == parts[0] }
    }

    func observe(_ observation: FileObservation) throws {
        _ = try catalogue.observe([observation], in: fixture.root.id, at: moment)
    }
}
