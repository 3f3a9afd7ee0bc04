import Catalogue
import FileSystem
import Foundation
import GRDB
import MediaDecoding
import SystemPackage
import TestSupport
import WorkQueue

@testable import Sidecars

/// A folder of pictures, its catalogue, and a decoder, for one test.
///
/// What a person says is put into the catalogue's tables as the command does that edits.
struct SidecarLibrary {
    let directory: TemporaryDirectory
    let catalogue: Catalogue
    let decoder: Decoder
    let root: Root
    /// The folder that holds sidecars apart, if there is one.
    private(set) var apart: Root?
    private static let disk = Volume(key: "disk", point: "")

    var folder: FilePath { root.path }

    init() throws {
        directory = try TemporaryDirectory()
        let pictures = directory.path.appending("pictures")
        try FileManager.default.createDirectory(
            atPath: pictures.string, withIntermediateDirectories: true)
        catalogue = try Catalogue(at: directory.path.appending("c.sqlite"), access: .owner)
        root = try catalogue.root(at: pictures)
        try catalogue.setOnline(root.id, volumes: [Self.disk])
        decoder = Decoder(executable: try BuildProducts.program("vignette-decoder"))
    }

    /// Keeps sidecars in a folder apart from now on.
    mutating func keepApart(_ name: String = "sidecars") throws {
        let folder = directory.path.appending(name)
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: true)
        apart = try catalogue.keepSidecars(in: folder)
        if let apart { try catalogue.setOnline(apart.id, volumes: [Self.disk]) }
    }

    /// Where the sidecars of the pictures' folder are, if they lie apart.
    var mirror: FilePath? { apart?.path.pushing(folder.removingRoot()) }

    /// Lets the catalogue read a sidecar that has come or changed apart from its picture.
    func readApart(_ name: String) throws {
        guard let apart, let path = mirror?.appending(name) else { return }
        var below = path
        _ = below.removePrefix(apart.path)
        _ = try catalogue.observe(
            [.settled(below, FileStatus(at: path), Self.disk)], in: apart.id, at: Date())
        guard let job = try catalogue.lease(limit: 1, owner: "test", at: Date()).first else {
            return
        }
        try catalogue.read(sidecar: job, saying: decoder.sidecar(path))
    }

    /// Moves a picture, and lets the catalogue see that.
    func move(_ name: String, to other: String) throws {
        let (from, to) = (folder.pushing(FilePath(name)), folder.pushing(FilePath(other)))
        try FileManager.default.createDirectory(
            atPath: to.removingLastComponent().string, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: from.string, toPath: to.string)
        _ = try catalogue.observe(
            [
                .absent(FilePath(name), Self.disk),
                .settled(FilePath(other), FileStatus(at: to), Self.disk),
            ], in: root.id, at: Date())
        guard let job = try catalogue.lease(limit: 1, owner: "test", at: Date()).first,
            let component = FilePath(name).lastComponent
        else { return }
        _ = try catalogue.identified(
            job, as: Self.facts(component), wanting: Self.recipe("1"), at: Date())
    }

    private static func facts(_ name: FilePath.Component) -> AssetFacts {
        let identity = name.bytes + [UInt8](repeating: 0, count: 32)
        return AssetFacts(
            identity: Array(identity.prefix(32)), kind: .still, format: "jpeg", width: 64,
            height: 48)
    }

    /// Adds pictures, each described as another one.
    func add(_ names: String..., caption: String = "a boat", tags: [ModelTag] = ["boat"]) throws {
        for name in names {
            guard let name = FilePath.Component(name) else { continue }
            try add(name, caption: caption, tags: tags)
        }
    }

    /// Adds a picture whose name may be no text.
    func add(
        _ name: FilePath.Component, caption: String = "a boat", tags: [ModelTag] = ["boat"]
    ) throws {
        let path = folder.appending(name)
        let file = try FileDescriptor.open(
            path, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(name.bytes) }
        let status = try FileStatus(at: path)
        _ = try catalogue.observe(
            [.settled(FilePath(root: nil, [name]), status, Self.disk)], in: root.id, at: Date())
        guard let job = try catalogue.lease(limit: 1, owner: "test", at: Date()).first else {
            return
        }
        let answer = try catalogue.identified(
            job, as: Self.facts(name), wanting: Self.recipe("1"), at: Date())
        guard case .needsDescription(let work) = answer else { return }
        _ = try catalogue.complete(
            work, with: Self.result(caption, tags, Self.recipe("1")), at: Date())
    }

    /// Has another model describe a picture again.
    func describe(_ name: String, caption: String, tags: [ModelTag], version: String) throws {
        let recipe = Self.recipe(version)
        _ = try catalogue.redo(
            RedoSelection(paths: [folder.appending(name)], includesCurrent: true), wanting: recipe)
        let leases = try catalogue.lease(LeaseRequest(worker: "test", now: Date()))
        for work in leases {
            _ = try catalogue.complete(work, with: Self.result(caption, tags, recipe), at: Date())
        }
    }

    private static func recipe(_ version: String) -> Recipe {
        Recipe(model: "tiny", version: version, settings: [1])
    }

    private static func result(
        _ caption: String, _ tags: [ModelTag], _ recipe: Recipe
    ) -> DescribedAsset {
        DescribedAsset(
            recipe: recipe, texts: [ModelText(prompt: "caption", text: caption)], tags: tags,
            tokens: [VisionToken(elements: [1])])
    }

    /// Brings all sidecars in line.
    @discardableResult
    func sync(
        naming: SidecarNaming = .append, isDryRun: Bool = false, prefersHere: Bool = false
    ) throws -> [SidecarResult] {
        let sync = try SidecarSync(
            catalogue: catalogue, decoder: decoder, naming: naming, folder: apart?.path,
            isDryRun: isDryRun, prefersHere: prefersHere)
        return try catalogue.sidecarTasks(limit: 10_000).tasks.map { try sync.bring($0) }
    }

    /// Brings all sidecars in line, as many at once as possible.
    func syncTogether(
        naming: SidecarNaming = .append, while goesOn: () -> Bool = { true }
    ) throws -> [SidecarResult?] {
        let sync = try SidecarSync(
            catalogue: catalogue, decoder: decoder, naming: naming, folder: apart?.path)
        let tasks = try catalogue.sidecarTasks(limit: 10_000).tasks
        let results = try sync.bring(tasks, while: goesOn)
        return tasks.indices.map { results[$0] }
    }

    /// Lets the catalogue read a sidecar that has come or changed.
    func read(_ name: String) throws {
        let path = folder.appending(name)
        _ = try catalogue.observe(
            [.settled(FilePath(name), FileStatus(at: path), Self.disk)], in: root.id, at: Date())
        guard let job = try catalogue.lease(limit: 1, owner: "test", at: Date()).first else {
            return
        }
        try catalogue.read(sidecar: job, saying: decoder.sidecar(path))
    }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: folder.appending(name).string)))
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder.appending(name).string))
    }

    func facts(_ name: String) throws -> SidecarFacts {
        try decoder.sidecar(folder.appending(name))
    }

    /// Edits a sidecar as another program would.
    func editElsewhere(_ edit: SidecarEdit, _ name: String) throws {
        let made = try decoder.edited(edit, of: folder.appending(name))
        try Data(made).write(to: URL(filePath: folder.appending(name).string))
    }

    var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
        }
    }

    func caption(_ name: String) throws -> (text: String?, source: DescriptionSource?) {
        let asset = try catalogue.show(folder.appending(name))?.asset
        return (asset?.caption, asset?.captionSource)
    }

    /// A person's caption.
    func say(_ caption: String, about name: String) throws {
        guard let asset = try catalogue.show(folder.appending(name))?.asset?.id else { return }
        let queue = try DatabaseQueue(path: directory.path.appending("c.sqlite").string)
        try queue.write { database in
            try database.execute(
                sql: "DELETE FROM description WHERE asset_id = ? AND source = 'human'",
                arguments: [asset])
            try database.execute(
                sql: """
                    INSERT INTO description (asset_id, source, prompt, text)
                    VALUES (?, 'human', 'caption', ?)
                    """, arguments: [asset, caption])
        }
        try queue.close()
    }
}
