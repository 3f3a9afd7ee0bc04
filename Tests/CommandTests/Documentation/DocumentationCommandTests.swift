import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Manual pages and completions that the program makes of what its help is made of.
    @Suite struct DocumentationCommandTests {
        /// Makes everything into `share` below the sandbox.
        static func made() async throws -> Sandbox {
            let sandbox = try Sandbox()
            let result = try await sandbox.run(plainly: ["documentation", "-o", "share"])
            try #require(result.status == 0 && result.output.isEmpty, "\(result)")
            return sandbox
        }

        static func isInstalled(_ programs: String...) -> Bool {
            programs.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
        }

        @Test func everyCommandHasAPage() async throws {
            let sandbox = try await Self.made()
            let folder = sandbox.path.appending("share/man/man1").string
            let pages = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
            for name in HelpTests.subcommands {
                #expect(pages.contains("vignette-\(name).1"), "\(name)")
            }
            #expect(
                pages.isSuperset(of: [
                    "vignette.1", "vignette-model-pull.1", "vignette-sidecars-write.1",
                ]))
            #expect(!pages.contains("vignette-documentation.1"))
            let page = try String(contentsOfFile: folder + "/vignette-search.1", encoding: .utf8)
            #expect(page.contains(#"\fB\-\-kind\fR"#))
            #expect(page.contains(".SH EXAMPLES"))
        }

        @Test(.enabled("man is installed") { isInstalled("man", "lexgrog") })
        func pagesAreFormattedWithoutAWarning() async throws {
            let sandbox = try await Self.made()
            let result = try await sandbox.shell(
                """
                cd share/man; export LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=80
                for page in man1/* man5/* man8/*; do
                    man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null | sed "s|^|$page: |"
                    grep -q '^\\.so ' "$page" || lexgrog "$page" >/dev/null || echo "$page: no name for apropos"
                done
                """)
            #expect(result.status == 0 && result.output.isEmpty, "\(result)")
        }

        @Test func configurationThatIsInstalledIsTheOneThatTheSettingsAreExplainedBy() async throws
        {
            let sandbox = try await Self.made()
            let made = try Data(exactly: sandbox.path.appending("share/vignette.yaml"))
            let installed = BuildProducts.checkout.appending("Config/vignette.yaml")
            #expect(
                try Data(exactly: installed) == made,
                "vignette documentation -o DIR writes it; put DIR/vignette.yaml into Config")
        }

        @Test(
            .enabled("bash-completion is installed") {
                FileManager.default.fileExists(atPath: "/usr/share/bash-completion/bash_completion")
            }) func bashCompletesCommandsAndOptions() async throws
        {
            let sandbox = try await Self.made()
            let result = try await sandbox.shell(
                """
                . /usr/share/bash-completion/bash_completion
                . share/completions/bash/vignette
                ask() {
                    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=0
                    COMP_POINT=${#COMP_LINE} COMPREPLY=()
                    _vignette vignette "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    echo "${COMPREPLY[*]}"
                }
                complete -p vignette >&2
                ask vignette sta; ask vignette model pu; ask vignette search --ki
                ask vignette search --kind ''
                """)
            #expect(result.lines == ["status", "pull", "--kind", "still video"], "\(result)")
            #expect(result.errorText.contains("-F _vignette"))
        }

        @Test(.enabled("fish is installed") { isInstalled("fish") })
        func fishCompletesCommandsAndOptions() async throws {
            let sandbox = try await Self.made()
            let result = try await sandbox.shell(
                """
                PATH="$(dirname "$PROGRAM"):$PATH" fish --no-config -c '
                    source share/completions/fish/vignette.fish
                    for line in "vignette sta" "vignette model pu" "vignette search --ki" "vignette search --kind "
                        complete -C $line | string replace -r "\\t.*" "" | string join " "
                    end'
                """)
            #expect(result.lines == ["status", "pull", "--kind", "still video"], "\(result)")
        }

        /// A terminal of its own, in which somebody presses the tabulator.
        @Test(.enabled("zsh is installed") { isInstalled("zsh") })
        func zshCompletesCommandsAndOptions() async throws {
            let sandbox = try await Self.made()
            try Data(Self.zshQuestions.utf8).write(toExactly: sandbox.path.appending("ask.zsh"))
            let result = try await sandbox.shell(
                "PATH=\"$(dirname \"$PROGRAM\"):$PATH\" zsh -f ask.zsh", within: .seconds(120))
            #expect(
                result.lines == [
                    "vignette status ", "vignette model pull ", "vignette search --kind ",
                ],
                "\(result)")
        }

        private static let zshQuestions = """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PROMPT= RPROMPT=; fpath=($PWD/share/completions/zsh $fpath); autoload -Uz compinit; compinit -u -D'
            zpty -w shell 'report() { print -r -- "<<<$BUFFER>>>"; BUFFER= }; zle -N report; bindkey "^X" report'
            zpty -w shell 'print -r -- "<<<""ready>>>"'
            zpty -r shell text '*<<<ready>>>*'
            for line in 'vignette sta' 'vignette model pu' 'vignette search --ki'; do
                zpty -w -n shell "$line"$'\\t\\x18'
                zpty -r shell text '*<<<*>>>*'
                text=${text##*<<<}
                print -r -- ${text%%>>>*}
            done
            zpty -d shell
            """
    }
}
