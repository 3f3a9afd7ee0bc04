import GRDB
import SystemPackage

@testable import Catalogue

extension Catalogue {
    /// Makes a copy of the file as it stands, as a backup would.
    func copy(to path: FilePath) throws {
        try queue.vacuum(into: path.string)
    }
}
