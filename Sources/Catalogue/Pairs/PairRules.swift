import Foundation

/// A file that may be of the same press of the shutter as others in its folder.
struct PairMember: Equatable {
    var file: Int64
    var asset: Int64
    var name: Data
    var kind: AssetKind
    var format: String
    var isRaw: Bool
    /// Seconds, of a clip.
    var duration: Double?
    /// As the file itself says.
    var takenAt: String?
    var contentIdentifier: String?

    /// The name without its extension.
    var stem: Data { SidecarName.stem(of: name) }

    /// Whether another file's picture may stand for this one.
    var mayBeStoodFor: Bool {
        isRaw || kind == .video && (contentIdentifier != nil || PairRules.isShort(duration))
    }
}

/// Which files of one folder are one picture: a raw and the JPEG or HEIC of the same press, a still and
/// the clip of a Live Photo.
enum PairRules {
    /// Formats that cameras write beside a raw.
    private static let besideRaw: Set = ["jpeg", "heic"]
    /// How far the moments of a raw and of its picture may be apart, in seconds.
    private static let pressTolerance = 1.0
    /// How far the moments of a still and of its clip may be apart, in seconds.
    private static let clipTolerance = 3.0
    /// Seconds that the clip of a Live Photo has at most, which nothing but name and time joins to its
    /// still; Apple's have three.
    private static let longestClip = 10.0

    /// Whether a clip may be that of a Live Photo by its length alone.
    static func isShort(_ duration: Double?) -> Bool {
        duration.map { $0 <= longestClip } ?? false
    }

    /// The file that stands for another one, among those of its folder; `nil` if it stands for itself.
    static func primary(of member: PairMember, among others: [PairMember]) -> PairMember? {
        if member.isRaw { return picture(ofRaw: member, among: others) }
        guard member.kind == .video, let still = still(ofClip: member, among: others) else {
            return nil
        }
        return still.isRaw ? picture(ofRaw: still, among: others) ?? still : still
    }

    private static func picture(ofRaw raw: PairMember, among others: [PairMember]) -> PairMember? {
        others.first { other in
            other.kind == .still && !other.isRaw && besideRaw.contains(other.format)
                && other.asset != raw.asset && other.stem == raw.stem
                && PairMoment.isNear(raw.takenAt, other.takenAt, within: pressTolerance)
        }
    }

    /// The identifier decides where both have one; names join strangers, so that without it the moments
    /// must agree, too.
    private static func still(ofClip clip: PairMember, among others: [PairMember]) -> PairMember? {
        let stills = others.filter { $0.kind == .still && $0.asset != clip.asset }
            .sorted { !$0.isRaw && $1.isRaw }
        let identified = stills.filter {
            $0.contentIdentifier != nil && $0.contentIdentifier == clip.contentIdentifier
        }
        if let still = identified.first(where: { $0.stem == clip.stem }) ?? identified.first {
            return still
        }
        guard isShort(clip.duration) else { return nil }
        return stills.first { still in
            (still.contentIdentifier == nil || clip.contentIdentifier == nil)
                && still.stem == clip.stem
                && PairMoment.isNear(still.takenAt, clip.takenAt, within: clipTolerance)
        }
    }
}
