import Captioning
import Catalogue
import Daemon
import Finding
import Synchronization

/// What pictures are found by that no words stand with: loaded when somebody first searches, and looked for again when a
/// minute has passed, since new pictures and models come.
final class MeaningDesk: Sendable {
    private struct Loaded {
        var meaning: Meaning?
        var nearness: LibraryNearness?
        var until: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(60)

    private let model: String?
    private let paths: StandardPaths
    private let catalogue: CatalogueReaders
    private let loaded = Mutex<Loaded?>(nil)

    /// Prepares.
    ///
    /// - Parameters:
    ///   - model: The model of the settings.
    ///   - paths: Where models are.
    ///   - catalogue: The library.
    init(model: String?, paths: StandardPaths, catalogue: CatalogueReaders) {
        (self.model, self.paths, self.catalogue) = (model, paths, catalogue)
    }

    /// What finds pictures by their likeness; `nil` where there is nothing for it.
    func meaning(_ reader: Catalogue) -> Meaning? { load(reader).meaning }

    /// The same, opened anew for a reader of one's own, on a thread of one's own.
    func opened(_ reader: Catalogue) -> Meaning? {
        guard (try? reader.hasEmbeddings()) == true,
            let folder = try? ModelLocator(models: paths.models).find(model)
        else { return nil }
        return try? Meaning(of: reader, model: folder)
    }

    /// What finds pictures that are like words; `nil` where there is nothing for it.
    func nearness(_ reader: Catalogue, for query: String) -> LibraryNearness? {
        let text = SpokenText(query)
        guard !text.isEmpty, text.isLatin else { return nil }
        return load(reader).nearness
    }

    /// Loads what there is.
    ///
    /// What is missing or broken is what `doctor` speaks of; words are found all the same.
    private func load(_ reader: Catalogue) -> Loaded {
        loaded.withLock { loaded in
            if let loaded, ContinuousClock.now < loaded.until { return loaded }
            var fresh = Loaded(until: .now + Self.lifetime)
            fresh.meaning = opened(reader)
            fresh.nearness = try? fresh.meaning.map { try LibraryNearness(reader, $0) }
            loaded = fresh
            return fresh
        }
    }
}
