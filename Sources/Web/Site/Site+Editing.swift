import Catalogue
import Daemon
import NIOHTTP1

/// What people write about a picture.
extension Site {
    /// What is said of a picture; `nil` where there is none.
    ///
    /// - Throws: `CatalogueError`.
    func words(of asset: Int64, _ reader: Catalogue) throws -> WordsPart? {
        guard let picture = try reader.picture(asset) else { return nil }
        return try words(of: picture, reader)
    }

    func words(of picture: PictureDetails, _ reader: Catalogue) throws -> WordsPart {
        let edits = try reader.edits(of: picture.asset.id)
        return WordsPart(
            picture: picture, seen: edits.last?.number ?? 0,
            canUndo: edits.contains { !$0.isUndone && $0.undoes == nil })
    }

    /// Changes a picture's words, or takes the last change back.
    func change(_ request: WebRequest) throws -> WebResponse? {
        guard let asset = Int64(request.path[1]), ["words", "undo"].contains(request.path[2]),
            try catalogue.read({ try $0.picture(asset) }) != nil
        else { return nil }
        guard let wanted = WordsRequest(request.body) else {
            return .text(.badRequest, "That is more than can be taken, or none of it.")
        }
        let author = EditAuthor(.page, name: "")
        do {
            let visitor = try Catalogue(at: settings.catalogue, access: .visitor)
            defer { visitor.close() }
            if request.path[2] == "undo" {
                try visitor.undoLastEdit(of: asset, by: author, seen: wanted.seen)
            } else {
                try visitor.edit([asset], wanted.edit, by: author, seen: wanted.seen)
            }
            // The daemon may have a sidecar to write.
            WakeFile.touch(for: settings.catalogue)
        } catch CatalogueError.editedMeanwhile {
            return try answer(asset, .conflict)
        } catch CatalogueError.invalid(let reason) {
            return .text(.badRequest, "\(reason).")
        }
        return try answer(asset, .ok)
    }

    /// What is said now.
    private func answer(_ asset: Int64, _ status: HTTPResponseStatus) throws -> WebResponse? {
        let part = try catalogue.read { try words(of: asset, $0) }
        return part.map { .page($0.html, status) }
    }
}
