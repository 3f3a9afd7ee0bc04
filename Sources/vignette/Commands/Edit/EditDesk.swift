import ArgumentParser
import Catalogue
import Foundation
import Glibc
import SystemPackage

/// Makes the edits of the command line and says what came of them.
struct EditDesk {
    let catalogue: Catalogue
    let printsJSON: Bool

    /// Whoever runs the program.
    static var author: EditAuthor {
        let name = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        return EditAuthor(.terminal, name: name ?? "user \(getuid())")
    }

    /// Makes one edit to all files, or to none if one of them is not known.
    func edit(_ paths: [FilePath], _ edit: TextEdit) throws {
        let assets = try paths.map { try catalogue.picture(in: $0).asset.id }
        let done = try catalogue.edit(assets, edit, by: Self.author)
        if done.isEmpty { StandardError.write("vignette: everything was so already\n") }
        for path in paths { try say(path) }
    }

    /// Takes back the last edit of each file.
    func undo(_ paths: [FilePath]) throws {
        for path in paths {
            let asset = try catalogue.picture(in: path).asset.id
            if try catalogue.undoLastEdit(of: asset, by: Self.author) == nil {
                StandardError.write(
                    "vignette: \(PathText(path).display): there is no edit to take back\n")
            }
            try say(path)
        }
    }

    /// Opens an editor with caption and tags of a file.
    func editByHand(_ path: FilePath) throws {
        let known = try catalogue.picture(in: path)
        guard isatty(STDIN_FILENO) == 1, StandardOutput.isTerminal else {
            throw ValidationError(
                "an editor needs a terminal; say --caption, --tag, --untag … or --from")
        }
        let seen = try catalogue.edits(of: known.asset.id).last?.number ?? 0
        let sheet = EditSheet(caption: known.asset.caption, tags: known.asset.tags)
        let changed = try EditSheet(try TextEditor.edit(sheet.text))
        guard let edit = changed.edit(from: sheet) else {
            return StandardError.write("vignette: nothing was changed\n")
        }
        try catalogue.edit([known.asset.id], edit, by: Self.author, seen: seen)
        try say(path)
    }

    /// Makes the edits of a file or of standard input, a line each; what is wrong with one is said, and the
    /// others are made.
    func editMany(from file: FilePath) throws {
        var failed = 0
        var made = 0
        try BoundedInput.forEachLine(of: file) { number, line in
            do {
                let wish = try EditLine(line)
                let asset = try catalogue.picture(in: wish.path).asset.id
                made += try catalogue.edit([asset], wish.edit, by: Self.author).count
            } catch {
                failed += 1
                StandardError.write("vignette: line \(number): \(error)\n")
            }
        }
        if printsJSON {
            try JSONLine.write(["edited": made, "failed": failed])
        } else {
            StandardOutput.write(
                "\(made) \(made == 1 ? "picture" : "pictures") edited"
                    + (failed > 0 ? ", \(failed) lines refused" : "") + "\n")
        }
        if failed > 0 { throw ExitCode.failure }
    }

    private func say(_ path: FilePath) throws {
        guard let details = try catalogue.details(of: path) else { return }
        let shown = ShownFile(details)
        if printsJSON { return try JSONLine.write(shown) }
        StandardOutput.write("\(shown.summary)\n")
    }
}
