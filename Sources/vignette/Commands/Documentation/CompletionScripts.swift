import ArgumentParser
import SystemPackage

/// What shells complete commands and options by, from what `--help` is made of.
enum CompletionScripts {
    /// The scripts, each under the name by which its shell finds it.
    static func files(of program: any ParsableCommand.Type) -> [(file: String, text: String)] {
        [
            ("bash/vignette", withoutInterpreter(program.completionScript(for: .bash))),
            ("zsh/_vignette", withEmptyLists(program.completionScript(for: .zsh))),
            ("fish/vignette.fish", program.completionScript(for: .fish)),
        ].map { ($0, $1.hasSuffix("\n") ? $1 : $1 + "\n") }
    }

    /// Where nothing is known of a command's words, zsh completes no option either; a list of none says the same.
    private static func withEmptyLists(_ script: String) -> String {
        script.replacing(#/(\n +'\*?:[^':]+:)'\n/#) { "\($0.output.1)( )'\n" }
    }

    /// It is read by a shell and never run by itself.
    private static func withoutInterpreter(_ script: String) -> String {
        guard script.hasPrefix("#!"), let end = script.firstIndex(of: "\n") else { return script }
        return String(script[script.index(after: end)...])
    }
}
