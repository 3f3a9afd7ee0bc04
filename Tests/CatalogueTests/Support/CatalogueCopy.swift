import Foundation
import SystemPackage
import TestSupport

/// A catalogue's file and log, copied while nobody writes.
struct CatalogueCopy {
    let directory: TemporaryDirectory
    let path: FilePath
    var log: FilePath { FilePath(path.string + "-wal") }

    init(of original: FilePath) throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("catalogue.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: original.string + suffix, toPath: path.string + suffix)
        }
    }
}
