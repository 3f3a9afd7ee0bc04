import Catalogue
import Digests
import FileSystem
import Foundation
import Imaging
import Likeness
import MediaDecoding
import SystemPackage
import TestSupport
import WorkQueue

/// A library with files that are there, described as a test wants it.
final class PageLibrary: Sendable {
    private let directory: TemporaryDirectory
    let catalogue: Catalogue
    let root: Root
    private let volume: Volume

    /// Everything lies below.
    var folder: FilePath { directory.path }
    var pictures: FilePath { folder.appending("pictures") }
    var cache: FilePath { folder.appending("cache") }

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("pictures").string, withIntermediateDirectories: true)
        catalogue = try Catalogue(
            at: directory.path.appending("catalogue.sqlite"), access: .owner)
        let pictures = directory.path.appending("pictures")
        root = try catalogue.root(at: pictures)
        let probe = pictures.appending("probe")
        try Data([1]).write(to: URL(filePath: probe.string))
        guard
            case .present(_, let volume) = FileLookup(roots: [pictures]).look(
                at: "probe", below: pictures)
        else { throw Failure(description: "the folder cannot be looked into") }
        self.volume = volume
        try FileManager.default.removeItem(atPath: probe.string)
        try catalogue.setOnline(root.id, volumes: [volume])
        try catalogue.lookedThrough(root.id, at: Date(timeIntervalSince1970: 0))
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes a file and describes what it holds.
    ///
    /// - Parameters:
    ///   - name: Its path below the root.
    ///   - bytes: Its content.
    ///   - caption: What the model says.
    ///   - tags: What it is tagged with.
    ///   - takenAt: When it was taken.
    ///   - kind: What it is.
    ///   - format: In which format.
    ///   - size: Its edges.
    ///   - stretches: Of a clip, captions of ten seconds each.
    ///   - place: Where it was taken, in degrees.
    ///   - camera: With what.
    ///   - signature: What it is compared by.
    /// - Returns: The asset's number.
    /// - Throws: Errors of the file system and of the catalogue.
    @discardableResult
    func add(
        _ name: FilePath, _ bytes: Data, caption: String = "a boat", tags: [ModelTag] = ["boat"],
        takenAt: String? = nil, kind: AssetKind = .still, format: String = "png",
        size: (width: Int, height: Int) = (16, 12), stretches: [String] = [],
        place: (latitude: Double, longitude: Double)? = nil, camera: String? = nil,
        signature: PictureSignature? = nil
    ) throws -> Int64 {
        let job = try observe(name, bytes)
        let facts = AssetFacts(
            identity: MessageDigest.hash(bytes), kind: kind, format: format, width: size.width,
            height: size.height,
            duration: kind == .video ? Double(max(stretches.count, 1) * 10) : nil,
            capture: CaptureFacts(
                takenAt: takenAt, camera: camera, latitude: place?.latitude,
                longitude: place?.longitude))
        guard
            case .needsDescription(let work) = try catalogue.identified(
                job, as: facts, wanting: Self.recipe)
        else { throw Failure(description: "\(name) is known") }
        let texts =
            [ModelText(prompt: "caption", text: caption)]
            + stretches.enumerated().map { number, text in
                ModelText(
                    prompt: "caption", text: text,
                    span: ClipSpan(start: Double(number * 10), end: Double(number * 10 + 10)))
            }
        let result = DescribedAsset(
            recipe: Self.recipe, texts: texts, tags: tags, tokens: [VisionToken(elements: [0.5])],
            signature: signature.map {
                StoredSignature(version: Int(PictureSignature.version), bytes: $0.bytes)
            })
        guard try catalogue.complete(work, with: result) else {
            throw Failure(description: "\(name) is not described")
        }
        return work.asset
    }

    /// Writes a file that cannot be read.
    func addFailure(_ name: FilePath, reason: String) throws {
        let job = try observe(name, Data(reason.utf8))
        guard try catalogue.fail(job, reason: reason, retryAfter: nil) == .failed else {
            throw Failure(description: "\(name) is not given up")
        }
    }

    /// Writes a file and lets the catalogue know of it.
    private func observe(_ name: FilePath, _ bytes: Data) throws -> LeasedJob {
        let path = pictures.pushing(name)
        try FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
        try bytes.write(to: URL(filePath: path.string))
        guard
            case .present(let status, let volume) = FileLookup(roots: [pictures])
                .look(at: name, below: pictures)
        else { throw Failure(description: "\(name) is not there") }
        _ = try catalogue.observe([.settled(name, status, volume)], in: root.id)
        guard let job = try catalogue.lease(limit: 1, owner: "test").first else {
            throw Failure(description: "no job for \(name)")
        }
        return job
    }

    /// Adds a drawn picture; another number is another one.
    @discardableResult
    func addPicture(
        _ number: Int, caption: String = "a boat", takenAt: String? = nil, width: Int = 16,
        height: Int = 12, place: (latitude: Double, longitude: Double)? = nil,
        camera: String? = nil
    ) throws -> Int64 {
        let pixels = PictureFactory.pixels(number, width: width, height: height)
        return try add(
            FilePath("\(number).png"), PictureFactory.png(number, width: width, height: height),
            caption: caption, takenAt: takenAt, size: (width, height), place: place, camera: camera,
            signature: PictureSignature(RGBImage(width: width, height: height, pixels: pixels)))
    }

    private static let recipe = Recipe(model: "tiny", version: "1", settings: [1, 2, 3])
}
