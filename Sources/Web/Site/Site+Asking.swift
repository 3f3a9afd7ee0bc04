import Catalogue
import Daemon
import NIOHTTP1
import WorkQueue

/// Questions about a picture or clip, one at a time.
extension Site {
    /// Answers a question; without one, says whether it would take longer than usual.
    ///
    /// - Throws: `CatalogueError`.
    func ask(_ asset: Int64, _ request: WebRequest) throws -> WebAnswer? {
        let found: (source: WorkSource, isClip: Bool)? = try catalogue.read { reader in
            guard let brief = try reader.briefs([asset]).first,
                let source = try reader.file(ofAsset: asset)
            else { return nil }
            return (source, brief.kind == .video)
        }
        guard let found else { return nil }
        let question = request.query["question"] ?? ""
        guard !question.allSatisfy(\.isWhitespace) else {
            let news = try catalogue.read { try daemonsWork($0) }
            return .ready(show(news ?? .empty, asset, "", request))
        }
        guard question.count <= AskPart.longest else {
            return .ready(
                show(
                    AskPart.told(
                        "A question has at most \(AskPart.longest) characters.", isProblem: true),
                    asset, "", request))
        }
        let busy = show(
            AskPart.told(
                "Another question is being answered; ask again when that is done.", isProblem: true),
            asset, question, request)
        guard !turn.isTaken else { return .ready(busy) }
        return .model { [self] in
            // It may have waited behind a look at a picture, and another have come before it.
            guard turn.begin(asset) else { return busy }
            defer { turn.end() }
            return show(
                answer(question, about: found.source, isClip: found.isClip), asset, question,
                request)
        }
    }

    /// Stops the question about a picture.
    func stopAsking(_ asset: Int64) -> WebResponse {
        turn.stop(asset)
        return WebResponse(.noContent)
    }

    private func answer(_ question: String, about source: WorkSource, isClip: Bool) -> HTML {
        do {
            let originals = try catalogue.read { try self.originals($0) }
            return AskPart.answered(
                try attention.answer(
                    question, about: source, isClip: isClip, in: originals,
                    shouldStop: { turn.isStopped }))
        } catch AttentionDesk.Failure.noModel(let reason) {
            return AskPart.told(
                "There is no model on this machine to ask: \(reason).", isProblem: true)
        } catch AttentionDesk.Failure.noPicture {
            return AskPart.told(
                "The file is not there at the moment, or is another one.", isProblem: true)
        } catch AttentionDesk.Failure.unusable(let reason) {
            return AskPart.told("The model cannot answer: \(reason).", isProblem: true)
        } catch is CancellationError {
            return AskPart.told("Stopped.", isProblem: false)
        } catch {
            return AskPart.told("The model cannot answer: \(error).", isProblem: true)
        }
    }

    /// That the daemon is at work, for which an answer takes longer; `nil` where it is not.
    private func daemonsWork(_ reader: Catalogue) throws -> HTML? {
        guard Catalogue.owner(at: settings.catalogue) != nil else { return nil }
        let left = try reader.progress().left
        guard left > 0 else { return nil }
        return AskPart.told(
            "Pictures are being described at the moment (\(left) are left), so that an answer takes longer.",
            isProblem: false)
    }

    private func show(
        _ part: HTML, _ asset: Int64, _ question: String, _ request: WebRequest
    ) -> WebResponse {
        guard request.query["part"] == nil else { return .page(part) }
        return .page(
            layout(request, "Ask").page(
                """
                <main id="content" class="narrow"><h1>Ask</h1>
                <p><a href="/pictures/\(asset)">Back to the picture</a></p>
                \(AskPart(asset: asset).form(asking: question))\(part)</main>
                """))
    }
}
