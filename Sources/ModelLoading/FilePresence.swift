import Glibc
package import SystemPackage

/// Asking whether something stands at a path.
package enum FilePresence {
    /// Whether a path can be reached; links are followed.
    package static func exists(_ path: FilePath) -> Bool {
        path.withPlatformString { access($0, F_OK) == 0 }
    }
}
