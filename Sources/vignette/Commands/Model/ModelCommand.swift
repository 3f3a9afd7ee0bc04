import ArgumentParser

/// The models on this machine: what there is, and getting and dropping them.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Fetch, convert, complete, list, check and remove models.",
        discussion: """
            Models stand in the models folder, $XDG_DATA_HOME/vignette/models, one folder each.

            EXAMPLES
              vignette model pull
              vignette model convert llava-mini-llama-3.1-8b
              vignette model list
            """,
        subcommands: [
            ModelPullCommand.self, ModelConvertCommand.self, ModelListCommand.self,
            ModelCompleteCommand.self, ModelInfoCommand.self, ModelVerifyCommand.self,
            ModelRemoveCommand.self,
        ])
}
