import ArgumentParser
import Foundation
import SystemPackage

/// The editor that a person has chosen (`VISUAL`, `EDITOR`), or else `vi`.
enum TextEditor {
    /// Lets the person edit a text.
    ///
    /// - Returns: The text as the person left it.
    /// - Throws: Where the editor cannot be started or ends with an error.
    static func edit(_ text: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "vignette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "caption.txt")
        try Data(text.utf8).write(to: file)
        let environment = ProcessInfo.processInfo.environment
        let editor = [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }
            .first { !$0.isEmpty }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // By the shell, since people set editors with options.
        process.arguments = ["-c", "\(editor ?? "vi") \"$1\"", "sh", file.path()]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ValidationError(
                "the editor '\(editor ?? "vi")' ended with \(process.terminationStatus); "
                    + "nothing was changed")
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
