import Catalogue

/// The state of the library as OpenMetrics 1.0.
struct Metrics {
    let text: String

    /// Reads it.
    ///
    /// - Throws: `CatalogueError`.
    init(_ catalogue: Catalogue) throws(CatalogueError) {
        let status = try catalogue.status()
        let progress = try catalogue.progress()
        let sum = { (count: KeyPath<RootStatus, Int>) in
            status.roots.reduce(0) { $0 + $1[keyPath: count] }
        }
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
        ]
        text =
            gauges.map { gauge in
                """
                # TYPE vignette_\(gauge.name) gauge
                # HELP vignette_\(gauge.name) \(gauge.help)
                vignette_\(gauge.name) \(gauge.value)

                """
            }.joined() + "# EOF\n"
    }
}
