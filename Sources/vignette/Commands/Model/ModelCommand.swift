import ArgumentParser

/// The models on this machine: what there is, and getting and dropping them.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Fetch, list, check and remove models.",
        discussion: """
            Models stand in the models folder, $XDG_DATA_HOME/vignette/models, one folder each.

            EXAMPLES
              vignette model pull
              vignette model list
            """,
        subcommands: [
            ModelPullCommand.self, ModelListCommand.self, ModelInfoCommand.self,
            ModelVerifyCommand.self, ModelRemoveCommand.self,
        ])
}
