import Catalogue
import MediaDecoding
import TestSupport

@testable import Sidecars

/// A picture's words here and in its sidecar, and who had a hand in them since they agreed.
///
/// The reference beside it knows no base: it keeps for each field who said what is there.
struct SimulatedSidecar {
    private var words = SidecarWords()
    private var there = SidecarFacts()
    private var base: SidecarBase?
    private var next: SidecarBase?
    private var edition = 0
    private var caption = ReferenceText()
    private var title = ReferenceText()
    private var tags: [String: ReferenceTag] = [:]
    private static let pool = ["boat", "sea", "anna", "dog", "lake", "snow"]

    /// One random act of somebody.
    mutating func change(_ step: Int, using random: inout SeededGenerator) {
        let tag = Self.pool.randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<12, using: &random) {
        case 0: words.caption = .init("a person's \(step)", by: .human)
        case 1: words.caption = .init("", by: .human)
        case 2: withdraw(step)
        case 3: words.title = Bool.random(using: &random) ? nil : .init("title \(step)", by: .human)
        case 4: describe(step, &random)
        case 5: give(tag)
        case 6: take(tag)
        case 7: say("theirs \(step)")
        case 8: say(Bool.random(using: &random) ? nil : words.caption?.text)
        case 9:
            there.texts.title = Bool.random(using: &random) ? nil : "their title \(step)"
            title.isTheirs = true
        default:
            if !there.texts.keywords.contains(tag) {
                there.texts.keywords.append(tag)
            } else {
                there.texts.keywords.removeAll { $0 == tag }
            }
        }
    }

    private mutating func withdraw(_ step: Int) {
        words.caption = step.isMultiple(of: 2) ? nil : .init("a model's \(step)", by: .model)
    }

    private mutating func describe(_ step: Int, _ random: inout SeededGenerator) {
        if words.caption?.author != .human {
            words.caption = .init("a model's \(step)", by: .model)
        }
        words.modelTags = Self.pool.shuffled(using: &random).prefix(2).filter {
            !words.humanTags.contains($0) && !words.removedTags.contains($0)
        }
    }

    private mutating func give(_ tag: String) {
        words.removedTags.removeAll { $0 == tag }
        words.modelTags.removeAll { $0 == tag }
        if !words.humanTags.contains(tag) { words.humanTags.append(tag) }
    }

    private mutating func take(_ tag: String) {
        words.humanTags.removeAll { $0 == tag }
        words.modelTags.removeAll { $0 == tag }
        if !words.removedTags.contains(tag) { words.removedTags.append(tag) }
    }

    private mutating func say(_ text: String?) {
        let text = text.flatMap { $0.isEmpty ? nil : $0 }
        guard text != there.texts.caption else { return }
        there.texts.caption = text
        caption.isTheirs = true
    }

    /// Merges, and holds what came of it against the reference.
    mutating func merge(isKilled: Bool) -> [String] {
        let merge = made(edition + 1)
        edition += 1
        let wanted = words.caption.flatMap { $0.text.isEmpty ? nil : $0.text }
        let expected = caption.merged(
            there: there.texts.caption, here: words.caption, wanted: wanted)
        let title = title.merged(
            there: there.texts.title, here: words.title, wanted: words.title?.text)
        var wantedTags: [String: Bool] = [:]
        for tag in Self.pool {
            wantedTags[tag] = tags[tag, default: ReferenceTag()].merged(
                isThere: there.texts.keywords.contains(tag),
                isWanted: words.humanTags.contains(tag) || words.modelTags.contains(tag),
                isRemoved: words.removedTags.contains(tag))
        }
        apply(merge.edit)
        // A process that was killed has written, and noted that it was about to.
        if isKilled, merge.edit.record != nil {
            next = merge.base
        } else {
            base = merge.base
            next = nil
        }
        var complaints: [String] = []
        if there.texts.caption != expected.text {
            complaints.append("caption \(there.texts.caption ?? "-"), not \(expected.text ?? "-")")
        }
        if there.texts.title != title.text {
            complaints.append("title \(there.texts.title ?? "-"), not \(title.text ?? "-")")
        }
        let conflicts = Set(merge.conflicts.map(\.field))
        if conflicts.contains("caption") != expected.isConflict
            || conflicts.contains("title") != title.isConflict
        {
            complaints.append("conflicts \(conflicts)")
        }
        for tag in Self.pool where there.texts.keywords.contains(tag) != wantedTags[tag] {
            complaints.append("tag \(tag) is \(wantedTags[tag] == true ? "missing" : "there")")
        }
        return complaints
    }

    /// Whether a merge would change nothing more.
    var isAtRest: Bool { made(0).edit.isEmpty }

    private func made(_ edition: Int) -> SidecarMerge {
        let isDone = next.map { $0.written.edition == there.record?.edition } ?? false
        return SidecarMerge(
            words, into: there, last: isDone ? next : base, writer: "test", library: "here",
            edition: "\(edition)")
    }

    private mutating func apply(_ edit: SidecarEdit) {
        if let change = edit.caption { there.texts.caption = change.text }
        if let change = edit.title { there.texts.title = change.text }
        if let change = edit.alternativeText { there.texts.alternativeText = change.text }
        let removed = Set(edit.removedTags.map { $0.joined(separator: "/").lowercased() })
        there.texts.keywords.removeAll { removed.contains($0.lowercased()) }
        there.texts.keywords += edit.addedTags.map { $0.joined(separator: "/") }
        if let record = edit.record { there.record = record }
    }
}

/// A text of the reference: whether what is there is somebody else's.
struct ReferenceText {
    var isTheirs = false
    /// What Vignette has put there last: whoever puts it back gives it back.
    private var ours: String?

    mutating func merged(
        there: String?, here: SidecarWords.Text?, wanted: String?
    ) -> (text: String?, isConflict: Bool) {
        if there == ours { isTheirs = false }
        if there == wanted {
            if wanted == nil || here?.author == .human || !isTheirs {
                isTheirs = false
                ours = wanted
            }
            return (there, false)
        }
        guard isTheirs else {
            ours = wanted
            return (wanted, false)
        }
        return (there, here?.author == .human)
    }
}

/// A tag of the reference.
struct ReferenceTag {
    private var wasThere: Bool?
    private var isOurs = false
    /// Whether somebody there had another will than the people here, who have not changed theirs since.
    private var isRefused = false
    private var isKept = false

    mutating func merged(isThere: Bool, isWanted: Bool, isRemoved: Bool) -> Bool {
        let isChanged = wasThere.map { $0 != isThere } ?? false
        if isChanged { isOurs = false }
        var result = isThere
        if isChanged || isRefused || isKept {
            isRefused = !isThere && isWanted
            isKept = isThere && isRemoved
        } else if isRemoved {
            result = false
        } else if isWanted {
            result = true
            if !isThere { isOurs = true }
        } else if isOurs {
            result = false
        }
        if !result { isOurs = false }
        wasThere = result
        return result
    }
}
