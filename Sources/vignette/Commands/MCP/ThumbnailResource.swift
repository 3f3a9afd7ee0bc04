import Catalogue
import Daemon
import MCP
import MediaDecoding
import SystemPackage
import Web

/// Small pictures as resources, made by the decoding child when they are asked for; none is kept.
enum ThumbnailResource {
    private static let prefix = "vignette://thumbnail/"
    /// The most pixels of the longer edge.
    private static let longestEdge = 512

    /// Where the small picture of an asset is.
    static func address(of asset: Int64) -> String { "\(prefix)\(asset)" }

    static func make(_ desk: LibraryDesk, decoder: FilePath) -> ResourceTemplate {
        ResourceTemplate(
            prefix + "{number}", name: "thumbnail",
            description:
                "A picture, or a clip's frame, of at most \(longestEdge) pixels; results of tools give the address.",
            type: "image/jpeg"
        ) { address, cancellation in
            guard let asset = number(in: address) else { return nil }
            return try desk.read(cancellation) { catalogue in
                let wanted = SearchQuery("", filters: desk.scope.filters)
                guard try !catalogue.fitting([asset], wanted).isEmpty,
                    let source = try catalogue.file(ofAsset: asset),
                    let place = try desk.originals(catalogue).place(of: source)
                else { return nil }
                return try desk.decode(decoder, cancellation) { decoder in
                    try decoder.thumbnail(
                        place.path, longestEdge: longestEdge, beneath: place.folder)
                }
            }
        }
    }

    /// Pictures of a part of the list.
    private static let listed = 100

    /// The small pictures of the library, the newest first.
    static func listing(_ desk: LibraryDesk) -> ResourceListing {
        { cursor, cancellation in
            try desk.read(cancellation) { catalogue in
                let query = SearchQuery(
                    "", filters: desk.scope.filters, sorting: .date, limit: listed, after: cursor)
                let hits: [SearchHit]
                do {
                    hits = try catalogue.search(query)
                } catch CatalogueError.invalid where cursor != nil {
                    return nil
                }
                let resources = hits.compactMap { hit -> ListedResource? in
                    guard let told = desk.scope.narrowed(hit), let path = told.files.first?.path
                    else { return nil }
                    return ListedResource(
                        address(of: hit.assetID),
                        name: path.lastComponent.map { PathText(FilePath(root: nil, [$0])).display }
                            ?? "",
                        description: hit.caption, type: "image/jpeg")
                }
                return ResourcePage(
                    resources, next: hits.count == listed ? hits.last?.cursor : nil)
            }
        }
    }

    private static func number(in address: String) -> Int64? {
        guard address.hasPrefix(prefix), address.utf8.count < prefix.utf8.count + 20,
            let number = Int64(address.dropFirst(prefix.count)),
            self.address(of: number) == address
        else { return nil }
        return number
    }
}
