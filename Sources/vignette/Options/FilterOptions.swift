import ArgumentParser
import Finding

/// The filters of the query language as options.
struct FilterOptions: ParsableArguments {
    @Option(name: .customLong("in"), help: "Only what was taken in a year, month or day.")
    var period: [String] = []

    @Option(help: "Only what was taken on a day, also of every year.")
    var on: [String] = []

    @Option(help: "Only what was taken after a year, month or day.")
    var takenAfter: [String] = []

    @Option(help: "Only what was taken before a year, month or day.")
    var takenBefore: [String] = []

    @Option(help: "Only what was taken with a camera of such a name.")
    var camera: [String] = []

    @Option(help: "Only what lies in such a folder.")
    var folder: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Only what was taken near a place: degrees north and east, such as 48.86,2.35.")
    var near: [String] = []

    @Option(help: "How far from that place, such as 5km.")
    var within: [String] = []

    @Option(help: "Only what has no place, date, caption, tag or rating.")
    var no: [String] = []

    @Option(help: "Only captions by 'human', 'sidecar' or 'model'.")
    var writtenBy: [String] = []

    /// What was given.
    var given: [(key: FilterKey, value: String)] {
        let all: [(FilterKey, [String])] = [
            (.in, period), (.on, on), (.after, takenAfter), (.before, takenBefore),
            (.camera, camera), (.folder, folder), (.near, near), (.within, within), (.no, no),
            (.by, writtenBy),
        ]
        return all.flatMap { key, values in values.map { (key, $0) } }
    }
}
