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

/// Where files point among a model's embeddings: as the catalogue has it, or by a look at them.
struct FileDirections {
    private let catalogue: Catalogue
    private let meaning: Meaning
    private let settings: Settings

    init(_ catalogue: Catalogue, _ meaning: Meaning, _ settings: Settings) {
        (self.catalogue, self.meaning, self.settings) = (catalogue, meaning, settings)
    }

    /// The directions of files, and which of them the catalogue has.
    ///
    /// - Throws: `CommandFailure` naming a file that cannot be read; errors of catalogue and model.
    func of(_ files: [FilePath]) throws -> (directions: [Direction], assets: Set<Int64>) {
        let likeness = LikenessSearch(catalogue, meaning)
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
        guard let encoder = try LLaVAMini.pictureEncoder(of: meaning.folder) else {
            throw CommandFailure("the model '\(meaning.recipe.model)' makes no embeddings")
        }
        let decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        defer { decoder.close() }
        return try files.map { file in
            let vectors: [[Float]]
            do {
                vectors = try embeddings(of: file, decoder, encoder)
            } catch let error as DecodingError {
                throw CommandFailure("\(PathText(file).display): \(error.reason)")
            }
            guard let direction = Direction(meanOf: vectors) else {
                throw CommandFailure("\(PathText(file).display): the model makes nothing of it")
            }
            return direction
        }
    }

    private func embeddings(
        of file: FilePath, _ decoder: Decoder, _ encoder: PictureEncoder
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
}
