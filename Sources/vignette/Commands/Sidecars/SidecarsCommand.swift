import ArgumentParser

/// XMP sidecars: what other programs read and write beside the pictures.
struct SidecarsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sidecars",
        abstract: "Write captions and tags into XMP sidecars for other programs, and read theirs.",
        discussion: """
            A sidecar (IMG.JPG.xmp or IMG.xmp) is merged field by field with what was written last: a \
            person's words count before a sidecar's, and these before a model's. Everything else in a \
            sidecar stays as it is, byte for byte; pictures are never written to. Where people disagree, \
            nothing is changed and both texts are listed. Nothing is written unless sidecars.write is \
            'ask' or 'always' in the configuration.

            EXAMPLES
              vignette sidecars diff ~/Pictures/2024      what would change
              vignette sidecars write ~/Pictures/2024
              vignette sidecars status                    what is left, and where people disagree
            """,
        subcommands: [
            SidecarsWriteCommand.self, SidecarsReadCommand.self, SidecarsStatusCommand.self,
            SidecarsDiffCommand.self,
        ])
}
