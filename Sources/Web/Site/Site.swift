import Captioning
import Catalogue
import Daemon
import Finding
import Logging
import MediaDecoding
import NIOHTTP1
import SystemPackage
import WorkQueue

/// The page of one library: who may in, and what is answered.
struct Site: RequestHandler {
    let settings: PageSettings
    let gate: Gate
    let signIn: SignIn
    let catalogue: CatalogueReaders
    let counts: LibraryCounts
    let meaning: MeaningDesk
    let duplicates: DuplicatesDesk
    let attention: AttentionDesk
    let turn = QuestionTurn()
    let thumbnails: ThumbnailStore
    let pictures: PictureMaker
    let news: CatalogueNews
    let logger: Logger

    /// Puts a library's page together.
    ///
    /// - Throws: `Errno` where the page's folder cannot be made.
    init(_ settings: PageSettings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        let folder = PageFolder(of: settings.catalogue)
        let sessions = try SessionStore(folder)
        let password = Password(folder)
        signIn = SignIn(
            sessions: sessions, tokens: OneTimeTokens(folder), password: password,
            proxies: Set(settings.proxies))
        gate = Gate(
            hosts: HostList(settings.address, names: settings.names), sessions: sessions,
            password: password)
        catalogue = CatalogueReaders(settings.catalogue)
        counts = LibraryCounts(settings.catalogue)
        meaning = MeaningDesk(model: settings.model, paths: settings.paths, catalogue: catalogue)
        duplicates = DuplicatesDesk(settings.catalogue, meaning, logger: logger)
        attention = AttentionDesk(settings)
        thumbnails = ThumbnailStore(in: settings.cache, bound: settings.cacheBytes)
        pictures = PictureMaker(
            thumbnails, program: settings.decoder, limits: settings.decoderLimits)
        news = CatalogueNews(settings.catalogue)
    }

    func refusal(of head: HTTPRequestHead, port: Int) -> WebResponse? {
        gate.refusal(of: head, port: port)
    }

    func answer(_ request: WebRequest) -> WebAnswer {
        do {
            return try route(request)
        } catch let error as CatalogueError {
            logger.notice("page: \(error)")
            return .ready(problem("The library cannot be read at the moment: \(error)"))
        } catch {
            logger.warning("page: /\(request.path.joined(separator: "/")): \(error)")
            return .ready(problem("This cannot be shown at the moment."))
        }
    }

    func close() {
        attention.close()
        duplicates.close()
        counts.close()
    }

    private func problem(_ text: String) -> WebResponse {
        .page(NoticePage(title: "Not now", text: text).html, .serviceUnavailable)
    }

    /// The session behind a request that was let in.
    func session(_ request: WebRequest) -> Session? {
        Session(cookies: request.headers["Cookie"], gate.sessions)
    }

    /// What every page shows around its content.
    func layout(
        _ request: WebRequest, _ title: String, _ section: Layout.Section? = nil, query: String = ""
    ) -> Layout {
        Layout(
            title: title, section: section, query: query,
            scriptToken: session(request)?.scriptToken)
    }

    /// How files of the library are found.
    ///
    /// - Throws: `CatalogueError`.
    func originals(_ reader: Catalogue) throws -> Originals {
        Originals(roots: try reader.roots().map(\.path), followsLinks: settings.followsLinks)
    }
}
