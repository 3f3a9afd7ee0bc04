import Glibc
import SystemPackage

/// Whether something stands at a path, links followed.
///
/// Where that cannot be told (no permission), opening it will say why, so the answer is yes.
func exists(_ path: FilePath) -> Bool {
    path.withPlatformString { access($0, F_OK) == 0 || errno != ENOENT }
}
