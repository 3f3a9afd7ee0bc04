import Catalogue
import Foundation
import MediaDecoding
import SystemPackage
import WorkQueue

/// What `show` says of a file, for programs by its keys and for people as text.
struct ShownFile: Encodable {
    let path: PathText
    let root: PathText
    let state: String
    let offline: Bool
    let attempts: Int
    let error: String?
    let asset: String?
    let kind: String?
    let format: String?
    let width: Int?
    let height: Int?
    let duration: Double?
    let takenAt: String?
    let camera: String?
    let latitude: Double?
    let longitude: Double?
    let incomplete: Bool
    /// The XMP sidecar whose word counts.
    let sidecar: PathText?
    /// Other files of the same press of the shutter.
    let partners: [PathText]
    let rating: Int?
    let caption: String?
    /// Who wrote the caption.
    let captionSource: String?
    let descriptions: [ShownDescription]
    let tags: [String]
    /// Who gave the tags, for each of `tags`.
    let tagSources: [[String]]
    /// How likely the model held each of `tags`; null where no model gave it.
    let tagProbabilities: [Double?]
    let tokens: Int
    let tokenDimension: Int?
    private let tagLine: String
    private let captionLine: String

    private enum CodingKeys: String, CodingKey {
        case path, root, state, offline, attempts, error, asset, kind, format, width, height,
            duration
        case takenAt, camera, latitude, longitude, incomplete, sidecar, partners, rating, caption,
            captionSource
        case descriptions, tags, tagSources, tagProbabilities, tokens, tokenDimension
    }

    init(_ details: FileDetails) {
        path = PathText(details.location.path)
        root = PathText(details.location.root)
        state = Self.state(details)
        offline = !details.location.isOnline
        attempts = details.job.attempts
        error = details.job.lastError
        let asset = details.asset
        self.asset = asset?.facts.identity.map { String(format: "%02x", $0) }.joined()
        kind = details.isSidecar ? "sidecar" : asset?.facts.kind.rawValue
        format = asset?.facts.format
        width = asset?.facts.width
        height = asset?.facts.height
        duration = asset?.facts.duration
        takenAt = details.capture.takenAt
        camera = details.capture.camera
        latitude = details.capture.latitude
        longitude = details.capture.longitude
        incomplete = asset?.facts.isIncomplete ?? false
        sidecar = details.sidecar.map { PathText($0.path) }
        partners = details.partners.map { PathText($0.path) }
        let written = details.sidecarTexts
        let source = written?.caption == nil ? asset?.captionSource : .sidecar
        rating = asset?.rating ?? written?.rating
        caption = asset?.caption ?? written?.caption
        captionSource = source?.name
        descriptions = asset?.descriptions.map { ShownDescription($0) } ?? []
        let tagDetails =
            asset?.tagDetails
            ?? written?.keywords.map { TagDetails(text: $0, sources: [.sidecar]) } ?? []
        tags = tagDetails.map(\.text)
        tagSources = tagDetails.map { $0.sources.map(\.name) }
        tagProbabilities = tagDetails.map { $0.probability.map(ShownProbability.rounded) }
        tagLine = SourceText.tags(tagDetails)
        captionLine = SourceText.caption(caption, source)
        tokens = asset?.tokenCount ?? 0
        tokenDimension = asset?.tokenWidth
    }

    private static func state(_ details: FileDetails) -> String {
        if details.missingSince != nil { return "missing" }
        return switch details.job.state {
        case .queued, .waiting: "queued"
        case .leased: "leased"
        case .done: details.isSidecar ? "read" : "described"
        case .failed: "failed"
        }
    }

    /// Several lines for people, the last one empty.
    var text: String {
        var lines = [Style.bold(path.display)]
        if caption != nil { lines.append("  \(captionLine)") }
        if !tags.isEmpty { lines.append("  \(tagLine)") }
        for description in descriptions
        where description.start != nil || description.text != caption {
            lines.append("  \(description.line)")
        }
        lines += facts.map { Style.dim("  \($0.0.padding(to: 10))") + $0.1 }
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// Path, caption and tags in a line or two.
    var summary: String {
        let words = [captionLine, tags.isEmpty ? "" : tagLine].filter { !$0.isEmpty }
        return "\(Style.bold(path.display)): "
            + (words.isEmpty ? "(no caption)" : words.joined(separator: " "))
    }

    private var facts: [(String, String)] {
        var facts: [(String, String)] = []
        if let width, let height, let format {
            let length = duration.map { String(format: ", %.1f s", $0) } ?? ""
            let end = incomplete ? ", incomplete: its end is missing" : ""
            facts.append(("content", "\(format), \(width) × \(height)\(length)\(end)"))
        }
        if let rating { facts.append(("rating", SourceText.rating(rating))) }
        for partner in partners { facts.append(("with", partner.display)) }
        if let sidecar { facts.append(("sidecar", sidecar.display)) }
        if let takenAt { facts.append(("taken", takenAt)) }
        if let camera { facts.append(("camera", camera)) }
        if let latitude, let longitude {
            facts.append(("place", String(format: "%.5f, %.5f", latitude, longitude)))
        }
        if let model = descriptions.first(where: { $0.model != nil })?.model {
            facts.append(("model", model))
        }
        if tokens > 0, let tokenDimension {
            facts.append(("tokens", "\(tokens) of \(tokenDimension) numbers"))
        }
        let attempt = attempts > 1 ? ", \(attempts) attempts" : ""
        let place = offline ? ", offline" : ""
        facts.append(("state", state + place + attempt + (error.map { ": \($0)" } ?? "")))
        return facts
    }
}

/// A text with its source.
struct ShownDescription: Encodable {
    let source: String
    let model: String?
    let prompt: String
    let text: String
    let start: Double?
    let end: Double?

    init(_ details: DescriptionDetails) {
        source = details.source.name
        model = details.recipe.map { "\($0.model)@\($0.version)" }
        prompt = details.prompt
        text = details.text
        start = details.span?.start
        end = details.span?.end
    }

    /// `0:10–0:20  A dog runs.`, or the text with its source where it is not the caption.
    var line: String {
        if text.isEmpty { return "\(prompt): none (\(source))" }
        guard let start, let end else {
            return prompt == "caption" ? "\(text) (\(source))" : "\(prompt): \(text) (\(source))"
        }
        return "\(Self.clock(start))–\(Self.clock(end))  \(text)"
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 1e7))
        return String(format: "%d:%02d", whole / 60, whole % 60)
    }
}

extension String {
    /// Filled with spaces up to a width.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
