import CLIP
import Captioning
import Explaining
import Foundation

/// What the one token looked at: a map of colours to lie over the picture, what the colours mean, and the same in words.
struct AttentionPart {
    var asset: Int64
    var look: AttentionDesk.Look
    /// One of the compressor's heads, from 1; `nil` for the mean of all.
    var head: Int?

    private var attention: PictureAttention { look.attention }
    private let weights: [Double]

    init(asset: Int64, look: AttentionDesk.Look, head: Int? = nil) {
        self.asset = asset
        self.look = look
        let heads = look.attention.heads
        let chosen = head.flatMap { (1...max(heads.count, 1)).contains($0) ? $0 : nil }
        self.head = chosen
        let values = chosen.map { heads[$0 - 1] } ?? look.attention.weights
        weights = values.map { $0.isFinite ? Double(max($0, 0)) : 0 }
    }

    /// The legend, the words and the ways to the heads.
    ///
    /// - Parameter hasMap: Whether the map comes along, for a script to lay it over the picture.
    /// - Returns: A part of a page.
    func html(hasMap: Bool) -> HTML {
        """
        <div id="attention" data-said="\(words)">
        \(hasMap.html(map))
        <div class="legend" aria-hidden="true"><span>0</span>\(scale)<span>\(Self.percent(weights.max() ?? 0))</span></div>
        <p>\(words)</p>
        <p class="quiet">Of the model \(look.model): each square is as bright as the share of attention that it got.</p>
        \(heads)
        </div>
        """
    }

    /// A picture of the weights whose edges are those of the picture.
    var map: HTML {
        let most = max(weights.max() ?? 0, .leastNormalMagnitude)
        let squares: [HTML] = zip(attention.areas, weights).compactMap { area, weight in
            guard area.x < 1, area.y < 1, area.x + area.width > 0, area.y + area.height > 0 else {
                return nil
            }
            return """
                <rect x="\(Self.number(area.x))" y="\(Self.number(area.y))" width="\(Self.number(area.width))" \
                height="\(Self.number(area.height))" fill="\(ColourMap.hexadecimal(weight / most))"/>
                """
        }
        return """
            <svg class="attention" viewBox="0 0 1 1" preserveAspectRatio="none" shape-rendering="crispEdges" \
            role="img" aria-label="\(words)">\(squares)</svg>
            """
    }

    private var scale: HTML {
        let steps: [HTML] = (0..<24).map { step in
            "<rect x=\"\(step)\" width=\"1.05\" height=\"1\" fill=\"\(ColourMap.hexadecimal(Double(step) / 23))\"/>"
        }
        return
            "<svg viewBox=\"0 0 24 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\(steps)</svg>"
    }

    private var heads: HTML {
        guard attention.heads.count > 1 else { return .empty }
        let links: [HTML] = ([nil] + (1...attention.heads.count).map(Optional.some)).map { head in
            let address = PageAddress.with(
                "/pictures/\(asset)/attention", ("head", head.map(String.init)))
            let current: HTML = head == self.head ? " aria-current=\"true\"" : .empty
            return
                "<a href=\"\(address)\"\(current)>\(head.map { "Head \($0)" } ?? "All heads")</a>"
        }
        return "<nav class=\"orders\" aria-label=\"Heads\">\(links)</nav>"
    }

    /// Where the most of it lies, by the nine parts of the picture.
    var words: String {
        var parts = [Double](repeating: 0, count: 9)
        for (area, weight) in zip(attention.areas, weights) {
            let (x, y) = (area.x + area.width / 2, area.y + area.height / 2)
            guard (0..<1).contains(x), (0..<1).contains(y) else { continue }
            parts[Int(y * 3) * 3 + Int(x * 3)] += weight
        }
        let best = parts.indices.sorted { (parts[$1], $0) < (parts[$0], $1) }.prefix(3)
            .filter { parts[$0] > 0.005 }
        guard !best.isEmpty else { return "It looked at nothing within the picture." }
        let told = best.map { "\(Self.places[$0]) (\(Self.percent(parts[$0])))" }
        return "It looked most at the \(told.joined(separator: ", then the "))."
    }

    private static let places = [
        "upper left", "upper middle", "upper right", "left", "middle", "right", "lower left",
        "lower middle", "lower right",
    ]

    private static func percent(_ share: Double) -> String {
        String(format: share < 0.1 ? "%.1f\u{A0}%%" : "%.0f\u{A0}%%", share * 100)
    }

    private static func number(_ value: Double) -> String {
        String(format: "%.4f", min(max(value.isFinite ? value : 0, -2), 3))
    }
}
