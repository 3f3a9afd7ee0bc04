/// The filters of the query language.
public enum FilterKey: String, CaseIterable, Sendable {
    /// A still or a video.
    case kind
    /// A tag, whole.
    case tag
    /// At least so many stars.
    case rating
    /// Words of the camera's name.
    case camera
    /// A folder, or several, one in the other.
    case folder
    /// A year, a month, a day, or a month of every year.
    case `in`
    /// A day, or a day of every year.
    case on
    /// Taken after a year, month or day is over.
    case after
    /// Taken before a year, month or day begins.
    case before
    /// A place in degrees.
    case near
    /// How far from that place.
    case within
    /// What is not known.
    case no
    /// Who wrote the caption.
    case by

    /// What may stand behind the colon.
    public var allowed: String {
        switch self {
        case .kind: "still or video"
        case .tag: "a tag"
        case .rating: "1, 2, 3, 4 or 5"
        case .camera: "words of a camera's name, such as nikon or \"nikon z 6\""
        case .folder: "a folder, such as italy or 2019/italy"
        case .in: "a year, month or day, such as 2019, 2019-07, 2019-07-26 or july"
        case .on: "a day, such as 2019-07-26, or 12-24 of every year"
        case .after, .before: "a year, month or day, such as 2019, 2019-07 or 2019-07-26"
        case .near: "degrees north and east, such as 48.86,2.35"
        case .within: "a distance, such as 5km, 800m or 3mi"
        case .no: "place, date, caption, tag or rating"
        case .by: "human, sidecar or model"
        }
    }

    /// All keys, for messages.
    static let all = allCases.map { "\($0.rawValue):" }.joined(separator: " ")
}
