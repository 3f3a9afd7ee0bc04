import Captioning
import Catalogue
import Daemon
import WorkQueue

/// How many pictures have texts that the present model and prompts have not written.
struct OlderDescriptions {
    let count: Int

    init(count: Int) { self.count = count }

    /// Counts them; `nil` if the model that the settings choose is not there to be asked who it is.
    ///
    /// - Throws: `CatalogueError`.
    init?(in catalogue: Catalogue, _ settings: Settings) throws {
        guard let recipe = Self.presentRecipe(settings) else { return nil }
        count = try catalogue.olderDescriptions(than: recipe)
    }

    /// What the present model and prompts describe by; `nil` if the model is not there.
    static func presentRecipe(_ settings: Settings) -> Recipe? {
        presentCaptioner(settings)?.recipe
    }

    /// The present model and prompts; `nil` if the model is not there.
    static func presentCaptioner(_ settings: Settings) -> Captioner? {
        let locator = ModelLocator(models: settings.models)
        return (try? locator.find(settings.model)).flatMap { folder in
            try? Captioner(
                folder: folder, settings: settings.captioning, threads: settings.threads)
        }
    }

    /// What there is to say; `nil` if there are none.
    var text: String? {
        switch count {
        case 0: nil
        case 1:
            "1 picture was described by another model or prompt; 'vignette redo' renews it"
        default:
            "\(count) pictures were described by other models or prompts; "
                + "'vignette redo' renews them"
        }
    }
}
