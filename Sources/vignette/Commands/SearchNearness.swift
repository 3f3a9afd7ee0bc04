import Captioning
import Catalogue
import Daemon
import Finding
import VectorIndex

/// What a search finds pictures by meaning with, or why it does not.
struct SearchNearness {
    /// What finds them; `nil` for words alone.
    private(set) var nearness: LibraryNearness?
    /// Why by words alone, in a clause; `nil` also where the model is not made for more, as `doctor` says.
    private(set) var note: String?

    /// Loads what a query takes.
    ///
    /// - Parameters:
    ///   - query: What is wanted.
    ///   - match: By what.
    ///   - catalogue: The library.
    ///   - chosen: The model that the command line names.
    ///   - settings: Those in force; they name the model where it does not.
    /// - Throws: `ModelLocator.NotFound` for a chosen one. Where meaning alone is wanted: what keeps it from being searched; `CatalogueError` otherwise.
    init(
        for query: SearchQuery, _ match: LibrarySearch.Match, in catalogue: Catalogue,
        chosen: String?, settings: Settings
    ) throws {
        let text = SpokenText(query.text)
        guard match != .words, !text.isEmpty else { return }
        // Who the model is takes longer to find out than a search by words.
        guard try match != .both || catalogue.hasEmbeddings() else { return }
        guard text.isLatin else {
            guard match == .both else {
                throw CommandFailure("only English words can be found by meaning")
            }
            note = "only English ones are known by their meaning"
            return
        }
        do {
            nearness = try LibraryNearness(
                catalogue, Self.meaning(of: catalogue, model: chosen, settings))
        } catch let error as CatalogueError {
            throw error
        } catch let error as ModelLocator.NotFound where chosen != nil {
            // Whoever names a model wants to know that there is none of that name.
            throw error
        } catch {
            guard match == .both else {
                throw CommandFailure("cannot search by meaning: \(error)")
            }
            note = error is NoMeaning || error is ModelLocator.NotFound ? nil : "\(error)"
        }
    }

    /// Opens what a library is searched by.
    ///
    /// - Throws: `NoMeaning`, `ModelLocator.NotFound`; errors of catalogue, index and model.
    static func meaning(
        of catalogue: Catalogue, model: String?, _ settings: Settings
    ) throws -> Meaning {
        try Meaning(
            of: catalogue,
            model: ModelLocator(models: settings.models).find(model ?? settings.model))
    }
}
