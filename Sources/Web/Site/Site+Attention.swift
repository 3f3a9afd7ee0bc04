import Catalogue
import Daemon
import WorkQueue

/// What the one token looked at in a picture.
extension Site {
    func attention(_ asset: Int64, _ request: WebRequest) throws -> WebAnswer? {
        let source: WorkSource? = try catalogue.read { reader in
            guard try reader.briefs([asset]).first?.kind == .still else { return nil }
            return try reader.file(ofAsset: asset)
        }
        guard let source else { return nil }
        if let look = attention.known(source.facts.identity) {
            return .ready(try show(look, of: asset, request))
        }
        return .model { [self] in
            do {
                let originals = try catalogue.read { try self.originals($0) }
                let look = try attention.look(at: source, in: originals)
                return try show(look, of: asset, request)
            } catch AttentionDesk.Failure.noModel(let reason) {
                return tell("There is no model on this machine to look with: \(reason).", request)
            } catch AttentionDesk.Failure.unusable(let reason) {
                return tell("The model cannot tell this: \(reason).", request)
            } catch {
                return tell("The file is not there at the moment, or is another one.", request)
            }
        }
    }

    private func show(
        _ look: AttentionDesk.Look, of asset: Int64, _ request: WebRequest
    ) throws -> WebResponse {
        let part = AttentionPart(
            asset: asset, look: look, head: request.query["head"].flatMap { Int($0) })
        if request.query["part"] != nil { return .page(part.html(hasMap: true)) }
        guard let brief = try catalogue.read({ try $0.briefs([asset]) }).first else {
            return notFound(request)
        }
        return .page(
            layout(request, "What it looked at").page(
                """
                <main id="content" class="narrow"><h1>What the one token looked at</h1>
                <p><a href="/pictures/\(asset)">\(PictureGrid.words(for: brief))</a></p>
                <div class="looked"><img src="\(PageAddress.thumbnail(brief.identity, .large))" \
                width="\(brief.width)" height="\(brief.height)" alt="\(PictureGrid.words(for: brief))">\(part.map)</div>
                \(part.html(hasMap: false))</main>
                """))
    }

    /// Says why there is nothing to see.
    private func tell(_ reason: String, _ request: WebRequest) -> WebResponse {
        guard request.query["part"] == nil else {
            return .page(
                "<div id=\"attention\" data-said=\"\(reason)\"><p class=\"problem\">\(reason)</p></div>"
            )
        }
        return .page(NoticePage(title: "What the one token looked at", text: reason).html)
    }
}
