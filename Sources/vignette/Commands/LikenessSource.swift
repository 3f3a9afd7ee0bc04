import Captioning
import Catalogue
import Daemon
import Finding
import LLaVAMini
import SystemPackage

/// What pictures are found by that look like others: a model's embeddings, or its vision tokens where it makes none.
enum LikenessSource {
    case embeddings(Meaning)
    case tokens(TokenVectors, Captioner)

    /// Opens what a library's pictures are like each other by.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - model: The model, as somebody names it.
    ///   - settings: Those in force.
    ///   - byTokens: Whether by vision tokens also where the model makes embeddings.
    /// - Throws: `NoMeaning`, `ModelLocator.NotFound`; errors of catalogue, index and model.
    init(
        of catalogue: Catalogue, model: String?, _ settings: Settings, byTokens: Bool = false
    ) throws {
        let folder = try ModelLocator(models: settings.models).find(model)
        guard try byTokens || EmbeddingSupport(folder: folder).pictures == .absent else {
            self = .embeddings(try Meaning(of: catalogue, model: folder))
            return
        }
        let captioner = try Captioner(
            folder: folder, settings: settings.captioning, threads: settings.threads)
        self = .tokens(try TokenVectors(of: catalogue, by: captioner.recipe), captioner)
    }

    /// Where a vision token points that somebody has copied.
    ///
    /// - Throws: `CommandFailure` where it is none of this model's.
    func direction(of token: [Float]) throws -> Direction {
        guard case .tokens(let tokens, _) = self,
            let direction = tokens.direction(of: [token])
        else {
            throw CommandFailure(
                "a token of \(token.count) numbers is none of the model that the library was "
                    + "described with")
        }
        return direction
    }

    /// Finds what is like a direction.
    func search(in catalogue: Catalogue) -> LikenessSearch {
        switch self {
        case .embeddings(let meaning): LikenessSearch(catalogue, meaning)
        case .tokens(let tokens, _): LikenessSearch(catalogue, tokens)
        }
    }
}
