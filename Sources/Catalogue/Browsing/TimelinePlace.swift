/// A place in the order of the timeline: what was taken last first, then what tells no date, each the newest
/// first among equals.
///
/// Its text is the moment and the asset's number with a `~` between, such as `2019-07-26T12:00:00~41`.
public struct TimelinePlace: Equatable, Sendable {
    /// When the asset there was taken, as local time in ISO 8601 or a beginning of it; `nil` where it tells no date.
    public var takenAt: String?
    /// The asset's number.
    public var asset: Int64

    /// Builds a place from its parts.
    public init(takenAt: String?, asset: Int64) {
        self.takenAt = takenAt
        self.asset = asset
    }

    /// The place before everything that was taken up to the end of a year or month.
    ///
    /// - Parameter period: A year or month in ISO 8601, such as `2019` or `2019-07`; `nil` if it is none.
    public init?(endOf period: String) {
        guard period.wholeMatch(of: /[0-9]{4}(-(0[1-9]|1[0-2]))?/) != nil else { return nil }
        // In ASCII '.' and '~' stand behind '-' and digits, so that this is behind all days of the period.
        self.init(takenAt: period + "~", asset: 0)
    }

    /// The place before everything that tells no date.
    public static let startOfUndated = TimelinePlace(takenAt: nil, asset: .max)

    /// Reads what `text` gave; `nil` if it is none.
    public init?(_ text: String) {
        guard let mark = text.lastIndex(of: "~"),
            let asset = Int64(text[text.index(after: mark)...]),
            asset >= 0
        else { return nil }
        let moment = text[..<mark]
        guard moment.utf8.count <= 40, moment.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            return nil
        }
        self.init(takenAt: moment.isEmpty ? nil : String(moment), asset: asset)
    }

    /// The place as text.
    public var text: String { "\(takenAt ?? "")~\(asset)" }
}
