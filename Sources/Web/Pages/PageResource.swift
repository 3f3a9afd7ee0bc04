import Digests
import NIOHTTP1

/// The style sheet, the scripts and the icon, which are parts of the program.
///
/// Their address has a digest of all of them, so that browsers keep them for ever and a newer program is another address;
/// scripts name each other by relative addresses.
struct PageResource: Sendable {
    /// The name of the folder that they seem to lie in.
    static let folderName = "page"
    /// The beginning of all their addresses.
    static let folder = "/\(folderName)/"

    let name: String
    let type: String
    let bytes: [UInt8]

    static let icon = PageResource(
        name: "icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg)
    static let style = PageResource(
        name: "style.css", type: "text/css; charset=utf-8", bytes: PackageResources.style_css)
    static let main = script("main.js", PackageResources.main_js)

    private static let all = [
        icon, style, main,
        script("parts.js", PackageResources.parts_js),
        script("timeline.js", PackageResources.timeline_js),
        script("picture.js", PackageResources.picture_js),
        script("words.js", PackageResources.words_js),
        script("attention.js", PackageResources.attention_js),
        script("ask.js", PackageResources.ask_js),
        script("status.js", PackageResources.status_js),
        script("keys.js", PackageResources.keys_js),
        script("search.js", PackageResources.search_js),
    ]

    private static let version: String = {
        var digest = MessageDigest()
        for resource in all { digest.update(resource.bytes) }
        return String(digest.finalize().hexadecimal.prefix(12))
    }()

    /// Where it is found.
    var address: String { "\(Self.folder)\(Self.version)/\(name)" }

    /// Answers a request for one of them.
    static func respond(_ path: [String]) -> WebResponse {
        guard let resource = all.first(where: { $0.name == path[2] }) else {
            return .text(.notFound, "There is no such file.\n")
        }
        // Of another version's address only what is there now can be had, and it must not be kept.
        let isCurrent = path[1] == version
        return WebResponse(
            .ok,
            [
                "Content-Type": resource.type,
                "Cache-Control": isCurrent ? "public, max-age=31536000, immutable" : "no-store",
            ], body: .bytes(resource.bytes))
    }

    private static func script(_ name: String, _ bytes: [UInt8]) -> PageResource {
        PageResource(name: name, type: "text/javascript; charset=utf-8", bytes: bytes)
    }
}
