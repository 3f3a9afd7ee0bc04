import Foundation

/// Whether the long tests are to run for longer, as `make soak` asks.
enum Soak {
    static let isOn = !(ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] ?? "").isEmpty
}
