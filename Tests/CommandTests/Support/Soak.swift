import Foundation

/// Whether the long tests are to run for longer, as `make soak` asks.
enum Soak {
    private static let environment = ProcessInfo.processInfo.environment
    static let isOn = !(environment["VIGNETTE_SOAK"] ?? "").isEmpty

    /// The random orders to try, where somebody names them.
    static let seeds = environment["VIGNETTE_SEEDS"]?.split(separator: ",").compactMap {
        UInt64($0)
    }
}
