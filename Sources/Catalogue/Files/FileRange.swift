import Foundation
import GRDB
import SystemPackage

/// The files at a path and below it, in one root.
struct FileRange {
    var root: Int64
    /// The directory that the path would be, up to the end of what is below it.
    var start: Data
    var end: Data
    /// The directory and the name of the file that the path would be; `nil` for the root itself.
    var file: (directory: Data, name: Data)?

    /// A condition on rows of `file` that holds in any of the ranges.
    static func condition(_ ranges: [FileRange]) -> String {
        guard !ranges.isEmpty else { return "0" }
        let each = """
            (root_id = ? AND directory >= ? AND directory < ?
                OR root_id = ? AND directory = ? AND name = ?)
            """
        return "(" + Array(repeating: each, count: ranges.count).joined(separator: " OR ") + ")"
    }

    static func arguments(_ ranges: [FileRange]) -> StatementArguments {
        ranges.reduce(into: StatementArguments()) { arguments, range in
            arguments += [
                range.root, range.start, range.end, range.root, range.file?.directory,
                range.file?.name,
            ]
        }
    }
}

extension Database {
    /// A condition on rows of `file` that holds of those at and below any of the paths.
    func files(below paths: [FilePath]) throws -> SQLCondition {
        let places = try paths.flatMap { try ranges(of: $0) }
        return SQLCondition(
            sql: FileRange.condition(places), arguments: FileRange.arguments(places))
    }

    /// Where the files at and below an absolute path are, in roots above it and below it.
    func ranges(of path: FilePath) throws -> [FileRange] {
        try roots().compactMap { root in
            if root.path.starts(with: path) {
                let all = try PathBytes.directory("")
                return FileRange(root: root.id, start: all, end: PathBytes.end(of: all), file: nil)
            }
            var relativePath = path
            guard relativePath.removePrefix(root.path) else { return nil }
            let start = try PathBytes.directory(relativePath)
            return FileRange(
                root: root.id, start: start, end: PathBytes.end(of: start),
                file: try PathBytes.split(relativePath))
        }
    }
}
