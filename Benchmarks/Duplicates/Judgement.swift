import Foundation
import Likeness

/// Counts by what pairs are.
struct Judgement {
    private struct Count {
        var same = 0
        var all = 0
    }

    let listsErrors: Bool
    private var counts: [String: Count] = [:]

    init(listsErrors: Bool) {
        self.listsErrors = listsErrors
    }

    /// Each original with its variants, and the two frames of each burst.
    mutating func compareWithin(_ pictures: [JudgedPicture]) {
        let start = ContinuousClock.now
        var compared = 0
        for group in Dictionary(grouping: pictures, by: \.number).sorted(by: { $0.key < $1.key }) {
            let members = group.value
            for (index, one) in members.enumerated() {
                for other in members[(index + 1)...] {
                    let variants = [one.variant, other.variant].filter { $0 != "original" }
                    let isToOriginal = variants.count < 2 || one.kind == "burst"
                    judge(one, other, "\(one.kind) \(isToOriginal ? variants[0] : "(variants)")")
                    compared += 1
                }
            }
        }
        print("\(compared) related pairs, \((ContinuousClock.now - start) / max(1, compared)) each")
    }

    /// The first picture of each number with those of the next hundred.
    mutating func compareUnrelated(_ pictures: [JudgedPicture]) {
        var seen: Set<Int> = []
        // Frames of one clip have several numbers, and its stillest parts show the same.
        let firsts = pictures.filter {
            !$0.variant.hasPrefix("clip") && seen.insert($0.number).inserted
        }
        let start = ContinuousClock.now
        var compared = 0
        for (index, one) in firsts.enumerated() {
            let following = firsts[(index + 1)...].prefix(100)
            for other in following where one.variant != "document" || other.variant != "document" {
                judge(
                    one, other,
                    "unrelated \([one.kind, other.kind].sorted().joined(separator: " and "))")
                compared += 1
            }
        }
        print(
            "\(compared) unrelated pairs, \((ContinuousClock.now - start) / max(1, compared)) each")
    }

    private mutating func judge(_ one: JudgedPicture, _ other: JudgedPicture, _ label: String) {
        let comparison = PictureComparison(one.signature, other.signature)
        counts[label, default: Count()].all += 1
        if comparison.isSamePicture { counts[label, default: Count()].same += 1 }
        let isError = comparison.isSamePicture != label.hasPrefix("same")
        guard listsErrors && isError else { return }
        print(
            "\(one.name) \(other.name) likeness \(comparison.likeness) "
                + "resemblance \(comparison.resemblance)")
    }

    /// How many variants of originals are candidates by their hashes alone, from either side.
    func countFoundByHash(_ pictures: [JudgedPicture]) {
        let originals = pictures.filter { $0.kind == "same" && $0.variant == "original" }
        let byNumber = Dictionary(
            originals.map { ($0.number, $0.signature) }, uniquingKeysWith: { one, _ in one })
        var found: [String: Count] = [:]
        for picture in pictures where picture.kind == "same" && picture.variant != "original" {
            guard let original = byNumber[picture.number] else { continue }
            let isNear =
                Self.isNear(original, picture.signature) || Self.isNear(picture.signature, original)
            found[picture.variant, default: Count()].all += 1
            if isNear { found[picture.variant, default: Count()].same += 1 }
        }
        for (variant, count) in found.sorted(by: { $0.key < $1.key }) {
            print("\(count.same) of \(count.all) are candidates by hash: \(variant)")
        }
    }

    private static func isNear(_ whole: PictureSignature, _ part: PictureSignature) -> Bool {
        guard let hash = PerceptualHash(part) else { return false }
        return !HashBands([hash]).nearest(to: PerceptualHash.ofParts(whole), limit: 1).isEmpty
    }

    func printed() {
        for (label, count) in counts.sorted(by: { $0.key < $1.key }) {
            let part = Double(count.same) / Double(count.all) * 100
            print(
                String(
                    format: "%8d of %8d called the same, %8.4f %%  ", count.same, count.all, part)
                    + label)
        }
        for kind in ["same", "burst", "unrelated"] {
            let some = counts.filter { $0.key.hasPrefix(kind) && !$0.key.contains("(") }.values
            let (same, all) = some.reduce((0, 0)) { ($0.0 + $1.same, $0.1 + $1.all) }
            print(
                String(
                    format: "%@: %d of %d, %.3f %%", kind, same, all,
                    100 * Double(same) / Double(max(1, all))))
        }
    }
}
