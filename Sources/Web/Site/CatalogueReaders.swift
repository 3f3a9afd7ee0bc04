import Catalogue
import Synchronization
import SystemPackage

/// Readers of one catalogue, one for each thread that asks at a time.
final class CatalogueReaders: Sendable {
    private let path: FilePath
    private let idle = Mutex<[Catalogue]>([])

    init(_ path: FilePath) { self.path = path }

    /// Runs `body` with a reader.
    ///
    /// - Throws: `CatalogueError` where there is no catalogue yet, or none that this program can read; what `body` throws.
    func read<Value>(_ body: (Catalogue) throws -> Value) throws -> Value {
        let reader = try idle.withLock { $0.popLast() } ?? Catalogue(at: path, access: .reader)
        // One that failed is not used again: the file may have been replaced.
        let value = try body(reader)
        idle.withLock { $0.append(reader) }
        return value
    }
}
