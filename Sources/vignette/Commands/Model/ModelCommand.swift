import ArgumentParser

/// The models on this machine: what there is, and getting and dropping them.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List, fetch, check and remove models.",
        discussion: """
            Models stand in the models folder, $XDG_DATA_HOME/vignette/models, one folder each.

            EXAMPLES
              vignette model list
            """,
        subcommands: [ModelListCommand.self])
}
