import Concepts
import Foundation
import LLaVAMini
import SystemPackage
import Tensor

/// The files that make a folder of weights a model: configuration, tokenizer, processor, licences.
struct CompanionFiles {
    /// The folder within a converted checkpoint that `mm_vision_tower` names.
    static let towerFolder = "vision_tower"

    /// What may be there of a text tower's tokenizer.
    static let towerTokenizerNames = [
        "tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json",
    ]

    private let source: ConversionSource
    private let bits: WeightBits

    /// How the packed bytes are laid out: the kernels' layout of this number.
    private static let layout = 1
    private static let needed = ["tokenizer.json"]
    private static let taken = [
        "tokenizer_config.json", "generation_config.json", "special_tokens_map.json",
        ConceptList.fileName,
    ]
    /// Whoever passes a model on has to pass these on as well.
    private static let legal = ["LICENSE", "NOTICE", "USE_POLICY", "README"]
    private static let largestFile = 256 << 20

    init(_ source: ConversionSource, bits: WeightBits) {
        self.source = source
        self.bits = bits
    }

    /// Makes sure that everything needed is there.
    ///
    /// - Throws: `ConversionError` naming what is not.
    func check() throws(ConversionError) {
        for name in Self.needed where !Self.exists(source.folder.appending(name)) {
            throw ConversionError(
                source.folder, "lacks \(name)", advice: "Download or copy the whole checkpoint.")
        }
    }

    /// Bytes that the files take, about.
    var byteCount: Int {
        copies.reduce(1 << 20) { sum, copy in
            var status = stat()
            let isThere = copy.from.withPlatformString { stat($0, &status) } == 0
            return sum + (isThere ? min(Int(status.st_size), Self.largestFile) : 0)
        }
    }

    /// Writes all of them but the configuration.
    ///
    /// - Throws: `ConversionError`.
    func write(to folder: FilePath) throws(ConversionError) {
        let tower = folder.appending(Self.towerFolder)
        do {
            try FileManager.default.createDirectory(
                atPath: tower.string, withIntermediateDirectories: true)
        } catch {
            throw .writing(tower, error)
        }
        for copy in copies where Self.exists(copy.from) {
            try Self.write(try Self.contents(of: copy.from), to: folder.pushing(copy.to))
        }
        do {
            try WorkFolder.synchronise(tower)
        } catch {
            throw .writing(tower, error)
        }
    }

    /// Writes the configuration, which makes the folder a model: the last thing to be done.
    ///
    /// - Throws: `ConversionError`.
    func writeConfiguration(to folder: FilePath) throws(ConversionError) {
        try Self.write(try configuration(), to: folder.appending("config.json"))
    }

    private var copies: [(from: FilePath, to: FilePath)] {
        let names = Self.needed + Self.taken + legalNames
        return names.map { (source.folder.appending($0), FilePath($0)) } + [
            (source.files.towerConfiguration, FilePath(Self.towerFolder).appending("config.json")),
            (
                source.files.preprocessor,
                FilePath(Self.towerFolder).appending("preprocessor_config.json")
            ),
        ] + towerTokenizer
    }

    /// The text tower's tokenizer, where there is one.
    private var towerTokenizer: [(from: FilePath, to: FilePath)] {
        guard source.embedding.contains(where: { $0.tensor.name.hasPrefix("text_model.") }) else {
            return []
        }
        return Self.towerTokenizerNames.map {
            (source.files.towerFolder.appending($0), FilePath(Self.towerFolder).appending($0))
        }
    }

    private var legalNames: [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: source.folder.string)) ?? []
        return names.filter { name in
            let path = source.folder.appending(name)
            return Self.legal.contains { name.hasPrefix($0) } && Self.isFile(path)
        }.sorted()
    }

    /// The source's configuration with what has changed; its reader has checked it.
    private func configuration() throws(ConversionError) -> [UInt8] {
        let path = source.files.configuration
        do {
            let bytes = Data(try Self.contents(of: path))
            guard var values = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
            else {
                throw CocoaError(.fileReadCorruptFile)
            }
            values["mm_vision_tower"] = Self.towerFolder
            values["vignette_quantization"] = [
                "bits": bits.rawValue, "layout": Self.layout,
                "source": source.folder.lastComponent?.string ?? "",
            ]
            return [UInt8](
                try JSONSerialization.data(
                    withJSONObject: values,
                    options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]))
        } catch let error as ConversionError {
            throw error
        } catch {
            throw ConversionError(
                path, "cannot be carried over", advice: "Check that it is valid JSON.", cause: error
            )
        }
    }

    /// A file's bytes; links are followed, as a hub's cache consists of them.
    private static func contents(of path: FilePath) throws(ConversionError) -> [UInt8] {
        do {
            let file = try MappedFile(path)
            guard file.bytes.count <= largestFile else { throw Errno.fileTooLarge }
            return withExtendedLifetime(file) { Array(file.bytes) }
        } catch {
            throw ConversionError(
                path, "cannot be read", advice: "Check that it is a file you may read.",
                cause: error)
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws(ConversionError) {
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try file.closeAfter {
                try file.writeAll(bytes)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        } catch {
            throw .writing(path, error)
        }
    }

    private static func isFile(_ path: FilePath) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path.string, isDirectory: &isFolder)
            && !isFolder.boolValue
    }

    private static func exists(_ path: FilePath) -> Bool {
        FileManager.default.fileExists(atPath: path.string)
    }
}
