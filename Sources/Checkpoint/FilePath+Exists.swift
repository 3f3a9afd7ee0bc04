import Glibc
import SystemPackage

/// Whether something stands at a path, links followed; what it is shows when it is opened.
func exists(_ path: FilePath) -> Bool {
    path.withPlatformString { access($0, F_OK) == 0 }
}
