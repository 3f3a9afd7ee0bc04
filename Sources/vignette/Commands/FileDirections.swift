import Captioning
import Catalogue
import CLIP
import Daemon
import Finding
import LLaVAMini
import MediaDecoding
import SystemPackage
import Tensor
import WorkQueue

/// Where files point among what pictures are like each other by: as the catalogue has it, or by a look at them.
struct FileDirections {
    private let catalogue: Catalogue
    private let source: LikenessSource
    private let settings: Settings

    init(_ catalogue: Catalogue, _ source: LikenessSource, _ settings: Settings) {
        (self.catalogue, self.source, self.settings) = (catalogue, source, settings)
    }

    /// The directions of files, and which of them the catalogue has.
    ///
    /// - Throws: `CommandFailure` naming a file that cannot be read; errors of catalogue and model.
    func of(_ files: [FilePath]) throws -> (directions: [Direction], assets: Set<Int64>) {
        let likeness = source.search(in: catalogue)
        var directions: [Direction] = []
        var assets: Set<Int64> = []
        var strangers: [FilePath] = []
        for file in files.map(StandardPaths().absolute) {
            let known = try catalogue.show(file)?.asset?.id
            if let known { assets.insert(known) }
            if let direction = try known.flatMap({ try likeness.direction(of: $0) }) {
                directions.append(direction)
            } else {
                strangers.append(file)
            }
        }
        return (directions + (strangers.isEmpty ? [] : try looked(at: strangers)), assets)
    }

    private func looked(at files: [FilePath]) throws -> [Direction] {
        if settings.threads > 0 { ComputeThreads.set(settings.threads) }
        let look = try PictureLook(source)
        let decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        defer { decoder.close() }
        return try files.map { file in
            let direction: Direction?
            do {
                direction = try look.direction(of: file, decoder)
            } catch let error as DecodingError {
                throw CommandFailure("\(PathText(file).display): \(error.reason)")
            }
            guard let direction else {
                throw CommandFailure("\(PathText(file).display): the model makes nothing of it")
            }
            return direction
        }
    }
}

/// Looks at files that the catalogue does not know.
private enum PictureLook {
    case embedding(PictureEncoder)
    case tokens(TokenVectors, Captioner)

    /// - Throws: Errors of loading the model.
    init(_ source: LikenessSource) throws {
        switch source {
        case .embeddings(let meaning):
            guard let encoder = try LLaVAMini.pictureEncoder(of: meaning.folder) else {
                throw CommandFailure("the model '\(meaning.recipe.model)' makes no embeddings")
            }
            self = .embedding(encoder)
        case .tokens(let tokens, let captioner): self = .tokens(tokens, captioner)
        }
    }

    func direction(of file: FilePath, _ decoder: Decoder) throws -> Direction? {
        switch self {
        case .embedding(let encoder): Direction(meanOf: try embeddings(file, decoder, encoder))
        case .tokens(let tokens, let captioner):
            tokens.direction(of: try seen(file, decoder, captioner))
        }
    }

    private func embeddings(
        _ file: FilePath, _ decoder: Decoder, _ encoder: PictureEncoder
    ) throws -> [[Float]] {
        let edge = encoder.minimumShortEdge
        switch try decoder.probe(file).kind {
        case .still:
            let image = try decoder.still(file, minimumShortEdge: edge)
            return try encoder.embed([image]).compactMap { $0?.values }
        case .video:
            var vectors: [[Float]] = []
            try decoder.frames(file, minimumShortEdge: edge) { frame in
                vectors += try encoder.embed(frames: [frame.image]).compactMap { $0?.values }
            }
            return vectors
        }
    }

    /// The vision tokens, which a description comes with.
    private func seen(
        _ file: FilePath, _ decoder: Decoder, _ captioner: Captioner
    ) throws -> [[Float]] {
        // Damaged files are refused before the model is loaded.
        let probe = try decoder.probe(file)
        let edge = try captioner.minimumShortEdge()
        switch probe.kind {
        case .still:
            let image = try decoder.still(file, minimumShortEdge: edge)
            return try captioner.describe(image).tokens.all().map(\.values)
        case .video:
            var describer = try captioner.beginClip(duration: probe.duration)
            try decoder.frames(file, minimumShortEdge: edge) { try describer.add($0) }
            return try describer.finish().tokens.all().map(\.values)
        }
    }
}
