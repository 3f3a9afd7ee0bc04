public import SystemPackage

/// Holds a model's files against what was noted when they were fetched.
public enum FolderVerification {
    /// What is wrong with a file.
    public struct Fault: Equatable, Sendable, CustomStringConvertible {
        /// The file's path within the folder.
        public let path: String
        /// What is wrong, as a clause.
        public let reason: String

        /// Both.
        public var description: String { "\(path): \(reason)" }
    }

    /// Reads every file that the manifest lists.
    ///
    /// - Parameters:
    ///   - folder: The model's folder.
    ///   - manifest: What it should hold.
    ///   - progress: Is told how many bytes of how many were read.
    /// - Returns: All that is wrong, by path.
    public static func faults(
        in folder: FilePath, against manifest: SourceManifest,
        progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) -> [Fault] {
        let total = manifest.files.reduce(0) { $0 + $1.bytes }
        var done: Int64 = 0
        var faults: [Fault] = []
        for file in manifest.files {
            let before = done
            let reason = fault(file, in: folder) {
                done += Int64($0)
                progress(min(done, total), total)
            }
            if let reason { faults.append(Fault(path: file.path, reason: reason)) }
            done = before + file.bytes
            progress(done, total)
        }
        return faults
    }

    private static func fault(
        _ file: SourceManifest.File, in folder: FilePath, progress: (Int) -> Void
    ) -> String? {
        guard let path = RepositoryPath(file.path)?.path(in: folder) else {
            return "has no safe name"
        }
        do {
            let size = try OpenFile(reading: path).size
            guard size == file.bytes else { return "has \(size) bytes instead of \(file.bytes)" }
            let digests = try FileDigests(of: path, progress: progress)
            return digests.sha256 == file.sha256
                ? nil : "was changed: its SHA-256 is \(digests.sha256) instead of \(file.sha256)"
        } catch Errno.noSuchFileOrDirectory {
            return "is missing"
        } catch {
            return "cannot be read (\(error))"
        }
    }
}
