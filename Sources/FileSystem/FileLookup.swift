public import SystemPackage
/// TEMPORARY until merged.
public final class FileLookup: Sendable {
    public init(roots: [FilePath], followsLinks: Bool = false) {}
    public func look(at path: FilePath, below root: FilePath) -> Look {
        let volume = Volume(key: "", point: FilePath())
        do { return .present(try FileStatus(at: root.pushing(path)), volume) } catch { return .absent(volume) }
    }
}
