import Foundation
import SystemPackage
import TestSupport

/// exiftool, where it is installed (Debian's `libimage-exiftool-perl`).
enum Exiftool {
    static let path = "/usr/bin/exiftool"
    static let isThere = FileManager.default.isExecutableFile(atPath: path)

    /// Runs it and gives what it says.
    @discardableResult
    static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }

    /// The values of tags in files, by the files' names.
    static func values(_ tags: [String], in folder: FilePath) throws -> [String: [String: [String]]]
    {
        let data = try run(
            ["-json", "-struct", "-ext", "xmp"] + tags.map { "-\($0)" } + [folder.string])
        let objects = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: objects.compactMap { object in
                guard let file = object["SourceFile"] as? String,
                    let name = FilePath(file).lastComponent?.string
                else { return nil }
                let values = object.compactMapValues { value -> [String]? in
                    (value as? [Any])?.map { "\($0)" } ?? ["\(value)"]
                }
                return (name, values)
            })
    }
}
