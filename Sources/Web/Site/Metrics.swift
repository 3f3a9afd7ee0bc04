import Catalogue

/// The state of the library as OpenMetrics 1.0.
struct Metrics {
    let text: String

    /// Reads it.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - isWatched: Whether a daemon is there, without which nobody works for others.
    /// - Throws: `CatalogueError`.
    init(_ catalogue: Catalogue, isWatched: Bool) throws(CatalogueError) {
        let status = try catalogue.status()
        let progress = try catalogue.progress()
        let sum = { (count: KeyPath<RootStatus, Int>) in
            status.roots.reduce(0) { $0 + $1[keyPath: count] }
        }
        let (help, counts) = try catalogue.help()
        let present = isWatched ? help.helpers.filter(\.isPresent) : []
        let gauges: [(name: String, help: String, value: String)] = [
            ("assets", "Pictures and clips that are known.", "\(status.assets)"),
            ("files", "Files that are known.", "\(sum(\.files))"),
            ("files_described", "Files whose picture is described.", "\(sum(\.described))"),
            ("files_queued", "Files that wait.", "\(sum(\.queued))"),
            ("files_failed", "Files that were given up.", "\(sum(\.failed))"),
            ("files_offline", "Files that are out of reach.", "\(sum(\.offline))"),
            ("work_left", "Pictures and files on which work is left.", "\(progress.left)"),
            (
                "work_seconds_left", "Seconds that new files will take, as fast as it lately went.",
                progress.new.secondsLeft.map { "\($0)" } ?? "NaN"
            ),
            (
                "embeddings_left", "Pictures that have no embedding yet.",
                "\(progress.embeddings.left)"
            ),
            ("catalogue_bytes", "What the catalogue takes on the disk.", "\(status.size)"),
            ("workers", "Other machines that are there to describe.", "\(present.count)"),
            (
                "workers_busy", "Other machines that have pieces in hand.",
                "\(present.count { $0.state == .working })"
            ),
            ("pieces_waiting", "Pieces that wait for another machine.", "\(help.waiting)"),
            ("pieces_held", "Pieces in the hands of other machines.", "\(help.held)"),
        ]
        let counters = [
            ("pieces_offered", "Pieces that were offered to other machines.", "\(counts.offered)"),
            ("pieces_done", "Pieces that other machines described.", "\(counts.done)"),
            ("pieces_failed", "Pieces that other machines could not describe.", "\(counts.failed)"),
        ]
        text =
            gauges.map { Self.family($0.name, "gauge", $0.help, sample: $0.name, $0.value) }
            .joined()
            // A counter's sample has a name of its own (OpenMetrics 1.0, 5.1).
            + counters.map { Self.family($0.0, "counter", $0.1, sample: "\($0.0)_total", $0.2) }
            .joined() + "# EOF\n"
    }

    private static func family(
        _ name: String, _ type: String, _ help: String, sample: String, _ value: String
    ) -> String {
        """
        # TYPE vignette_\(name) \(type)
        # HELP vignette_\(name) \(help)
        vignette_\(sample) \(value)

        """
    }
}
