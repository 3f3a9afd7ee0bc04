import ArgumentParser
import Catalogue
import Daemon
import Foundation
import Glibc
import SystemPackage

/// Takes a person's words for pictures.
struct EditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Say yourself what pictures and clips show.",
        discussion: """
            Your words count before those of sidecar files and of models, and stay: whatever describes a \
            picture again, and if its file goes and comes back. A tag that you removed stays removed if a \
            model names it again. Without options an editor opens with caption and tags ($VISUAL, $EDITOR).

            Words belong to the picture, so that its copies have them too. What you said is on the disk when \
            the command returns, beside the catalogue in a journal too, from which a restored or new catalogue gets \
            it back. 'vignette log' tells who changed what; --undo takes the last edit back.

            With --from, each line of a file is an edit of one picture, in JSON: \
            {"path": "/photos/a.jpg", "caption": "…", "title": "…", "tags": ["…"], "untag": ["…"]}; an empty \
            caption or title clears it.

            EXAMPLES
              vignette edit ~/Pictures/beach.jpg
              vignette edit ~/Pictures/beach.jpg --caption "Anna at the lake" --tag Anna --untag violin
              vignette edit ~/Pictures/IMG_*.jpg --tag "Holidays/Italy"
              vignette edit ~/Pictures/beach.jpg --undo
              vignette edit --from edits.jsonl
            """)

    @Argument(help: "Files below a watched folder.")
    var files: [PathArgument] = []

    @Option(help: "The caption; '-' reads it from standard input.")
    var caption: String?

    @Flag(help: "No caption, whatever a model says.")
    var clearCaption = false

    @Flag(help: "The sidecar's or the model's caption instead of your own.")
    var resetCaption = false

    @Option(help: "The title.")
    var title: String?

    @Flag(help: "No title.")
    var clearTitle = false

    @Option(name: .customLong("tag"), help: "A tag to give; may be repeated.")
    var tags: [String] = []

    @Option(name: .customLong("untag"), help: "A tag to remove for good; may be repeated.")
    var untags: [String] = []

    @Option(
        name: .customLong("reset-tag"), help: "A tag to have no word on any more; may be repeated.")
    var resetTags: [String] = []

    @Option(help: "A file with an edit a line, in JSON; '-' is standard input.")
    var from: PathArgument?

    @Flag(help: "Take the last edit of each file back.")
    var undo = false

    @OptionGroup var common: CommonOptions

    private var edit: TextEdit {
        get throws {
            TextEdit(
                caption: clearCaption ? .silence : resetCaption ? .withdraw : try spokenCaption,
                title: clearTitle ? .silence : title.map { .say($0) } ?? .keep,
                given: tags, taken: untags, withdrawn: resetTags)
        }
    }

    private var spokenCaption: TextEdit.Words {
        get throws {
            guard let caption else { return .keep }
            return .say(caption == "-" ? try BoundedInput.text() : caption)
        }
    }

    private var hasWords: Bool {
        caption != nil || clearCaption || resetCaption || title != nil || clearTitle
            || !tags.isEmpty || !untags.isEmpty || !resetTags.isEmpty
    }

    func validate() throws {
        guard [caption != nil, clearCaption, resetCaption].filter({ $0 }).count <= 1,
            title == nil || !clearTitle
        else { throw ValidationError("give a text, or clear or reset it: one of them") }
        guard (from != nil) != !files.isEmpty else {
            throw ValidationError("name files, or say --from")
        }
        guard !hasWords || (from == nil && !undo) else {
            throw ValidationError("--from and --undo go without other words")
        }
        guard hasWords || undo || from != nil || files.count == 1 else {
            throw ValidationError("an editor takes one file; say --caption, --tag … for several")
        }
    }

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .visitor)
        defer { catalogue.close() }
        let desk = EditDesk(catalogue: catalogue, printsJSON: common.json)
        if let from {
            try desk.editMany(from: from.path)
        } else if undo {
            try desk.undo(files.map(\.path))
        } else if hasWords {
            try desk.edit(files.map(\.path), try edit)
        } else {
            try desk.editByHand(files[0].path)
        }
        WakeFile.touch(for: settings.catalogue)
    }
}
