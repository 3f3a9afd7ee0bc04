import Catalogue
import MediaDecoding

/// The tags merged, each by itself, by the law of `SidecarMerge`.
struct TagMerge {
    /// Tags to add to the sidecar, as paths.
    private(set) var added: [[String]] = []
    /// Tags to take out of it.
    private(set) var removed: [[String]] = []
    /// All tags of the sidecar afterwards, by their names in small letters.
    private(set) var result: [String] = []
    /// Those of them that Vignette brought, a model's and people's.
    private(set) var modelTags: [String] = []
    private(set) var humanTags: [String] = []
    /// Those that are given here and were taken out there.
    private(set) var refused: [String] = []
    /// Those that were removed here and put back there.
    private(set) var kept: [String] = []

    init(base: SidecarBase, here: WordsHere, there texts: EmbeddedTexts) {
        var written: [String: String] = [:]
        var order: [String] = []
        for tag in texts.keywords + texts.keywordPaths.map({ $0.joined(separator: "/") }) {
            let name = tag.lowercased()
            if written.updateValue(written[name] ?? tag, forKey: name) == nil { order.append(name) }
        }
        let ours = base.written.tagNames
        let known = base.tags.map(Set.init)
        for name in order + here.order.filter({ written[$0] == nil })
            + ours.subtracting(order).subtracting(here.order).sorted()
        {
            let isThere = written[name] != nil
            let was = ours.contains(name) || known?.contains(name) ?? isThere
            let isDecided =
                base.refused?.contains(name) ?? false || base.kept?.contains(name) ?? false
            let stays: Bool
            if isThere != was || isDecided {
                stays = isThere
                if !isThere, here.tags[name] != nil { refused.append(name) }
                if isThere, here.removed.contains(name) { kept.append(name) }
            } else if here.removed.contains(name) {
                stays = false
            } else if here.tags[name] != nil {
                stays = true
            } else {
                stays = isThere && !ours.contains(name)
            }
            settle(name, stays, written[name], here.tags[name], isOurs: ours.contains(name), was)
        }
        // The narrowest term of a path that is added comes with it.
        let ends = Set(added.filter { $0.count > 1 }.compactMap { $0.last?.lowercased() })
        added.removeAll { terms in
            let name = terms[0].lowercased()
            return terms.count == 1 && ends.contains(name) && here.tags[name]?.isLeafOnly ?? false
        }
    }

    private mutating func settle(
        _ name: String, _ stays: Bool, _ written: String?, _ here: WordsHere.Tag?, isOurs: Bool,
        _ was: Bool
    ) {
        guard stays else {
            if let written { removed.append(Self.terms(written)) }
            return
        }
        result.append(name)
        if written == nil, let here { added.append(Self.terms(here.written)) }
        // What was there before Vignette had anything to do with it stays somebody else's.
        guard let here, written == nil || isOurs && was else { return }
        if here.author == .human {
            humanTags.append(here.written)
        } else {
            modelTags.append(here.written)
        }
    }

    private static func terms(_ tag: String) -> [String] {
        tag.split(separator: "/").map(String.init)
    }
}
