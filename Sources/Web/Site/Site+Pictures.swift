import Catalogue
import Daemon
import Digests
import Finding
import Logging
import MediaDecoding
import NIOHTTP1
import WorkQueue

/// Pictures, alone and small, and clips.
extension Site {
    /// What is shown of one picture.
    func picture(_ asset: Int64, _ request: WebRequest) throws -> WebResponse? {
        let query = request.query["q"]
        let page: PicturePage? = try catalogue.read { reader in
            guard let picture = try reader.picture(asset) else { return nil }
            let place = picture.brief.place
            return PicturePage(
                words: try words(of: picture, reader), query: query,
                previous: try reader.timeline(before: place, limit: 1).last?.id,
                next: try reader.timeline(after: place, limit: 1).first?.id,
                marks: try query.map { try self.marks(of: asset, $0, reader) } ?? [])
        }
        guard let page else { return nil }
        return .page(layout(request, page.title, query: query ?? "").page(page.html))
    }

    /// Seconds of a clip at which what a search asks for is said or seen.
    private func marks(_ asset: Int64, _ query: String, _ reader: Catalogue) throws -> [Moment] {
        guard let typed = try? Query(query) else { return [] }
        let wanted = SearchQuery(
            typed.text, tags: typed.tags, kind: .video, filters: typed.filters, limit: 200)
        return try MomentSearch(reader)
            .moments(wanted, nearness: meaning.nearness(reader, for: query))
            .filter { $0.hit.assetID == asset }
    }

    private func marks(
        of asset: Int64, _ query: String, _ reader: Catalogue
    ) throws -> [Moment] {
        guard try reader.briefs([asset]).first?.kind == .video else { return [] }
        return try marks(asset, query, reader)
    }

    /// Pictures that are like one, as a part of its page.
    func similar(_ asset: Int64, _ request: WebRequest) throws -> WebResponse {
        let part = try catalogue.read { reader -> HTML? in
            guard let meaning = meaning.meaning(reader) else { return nil }
            let search = LikenessSearch(reader, meaning)
            guard let direction = try search.direction(of: asset) else { return nil }
            let page = try search([direction], SearchQuery("", limit: 24), except: [asset])
            let found = try reader.briefs(page.hits.map(\.hit.assetID))
            return found.isEmpty
                ? nil : PictureGrid(pictures: found, tints: try Tints(found, reader)).html
        }
        let found = part ?? "<p class=\"quiet\">Nothing is known to be like it yet.</p>"
        if request.query["part"] != nil { return .page(found) }
        return .page(
            layout(request, "Similar").page(
                "<main id=\"content\" class=\"search-results\"><h1>Similar</h1>\(found)</main>"))
    }

    /// A small picture, which is the same for ever: its address is made of what it shows.
    func thumbnail(_ request: WebRequest) throws -> WebAnswer? {
        guard let identity = [UInt8](hexadecimal: request.path[1]), identity.count == 32,
            let size = ThumbnailSize(rawValue: request.path[2])
        else { return nil }
        // What the library has no more is not shown any more either.
        let source = try catalogue.read { try $0.file(ofAsset: identity) }
        guard let source else { return nil }
        if let jpeg = thumbnails.find(identity, size) { return .ready(.thumbnail(jpeg)) }
        return .picture { [self] in make(source, size) }
    }

    private func make(_ source: WorkSource, _ size: ThumbnailSize) -> WebResponse {
        do {
            let originals = try catalogue.read { try self.originals($0) }
            guard let jpeg = try pictures.make(source, size, in: originals) else {
                return .text(.notFound, "The file has changed.\n")
            }
            return .thumbnail(jpeg)
        } catch {
            logger.info("page: \(error)")
            return .text(.notFound, "The picture cannot be read.\n")
        }
    }

    /// A clip's file, or the part of it that a player asks for.
    func clip(_ request: WebRequest) throws -> WebResponse? {
        guard let asset = Int64(request.path[1]) else { return nil }
        let file: (ServedFile, type: String)? = try catalogue.read { reader in
            guard let source = try reader.file(ofAsset: asset), source.facts.kind == .video,
                let type = ClipType.byFormat[source.facts.format]
            else { return nil }
            return try originals(reader).open(source).map { ($0, type) }
        }
        guard let (file, type) = file else { return nil }
        var headers: HTTPHeaders = [
            "Content-Type": type, "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache",
        ]
        switch ByteRange(request.header("Range"), size: file.size) {
        case .whole: return WebResponse(.ok, headers, body: .file(file, 0..<file.size))
        case .part(let range):
            let shown = "\(range.lowerBound)-\(range.upperBound - 1)"
            headers.add(name: "Content-Range", value: "bytes \(shown)/\(file.size)")
            return WebResponse(.partialContent, headers, body: .file(file, range))
        case .unsatisfiable:
            headers.add(name: "Content-Range", value: "bytes */\(file.size)")
            return WebResponse(.rangeNotSatisfiable, headers)
        }
    }
}

/// What browsers are told that clips are: media types alone, whatever a file says of itself.
enum ClipType {
    static let byFormat = [
        "mp4": "video/mp4", "mov": "video/mp4", "3gp": "video/3gpp", "webm": "video/webm",
        "matroska": "video/x-matroska", "ogg": "video/ogg", "avi": "video/x-msvideo",
        "mpegts": "video/mp2t", "mpeg": "video/mpeg", "asf": "video/x-ms-wmv", "flv": "video/x-flv",
        "dv": "video/x-dv", "mxf": "application/mxf",
    ]
}

extension WebResponse {
    fileprivate static func thumbnail(_ jpeg: [UInt8]) -> WebResponse {
        WebResponse(
            .ok,
            [
                "Content-Type": "image/jpeg",
                "Cache-Control": "private, max-age=31536000, immutable",
            ],
            body: .bytes(jpeg))
    }
}
