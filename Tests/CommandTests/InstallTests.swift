import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct InstallTests {
        @Test func installedProgramsWorkFromTheirPlaces() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let destination = sandbox.path.appending("destination")
            let install = try await make("install", in: sandbox, destination)
            #expect(install.status == 0, "\(install)")
            let expected = [
                "opt/v/bin/vignette", "opt/v/libexec/vignette/vignette-decoder",
                "opt/v/share/vignette/models/photographs/config.json",
                "opt/v/share/vignette/models/demo/config.json", "etc/vignette/vignette.yaml",
                "opt/v/lib/systemd/system/vignette.service",
                "opt/v/lib/systemd/system/vignette-page.service",
                "opt/v/lib/systemd/system/vignette-page.socket",
                "opt/v/lib/systemd/system/vignette-work.service",
                "opt/v/lib/systemd/user/vignette-page.service",
                "opt/v/lib/systemd/user/vignette-page.socket",
                "opt/v/lib/systemd/user/vignette.service", "opt/v/share/doc/vignette/README.md",
                "opt/v/share/man/man1/vignette-watch.1", "opt/v/share/man/man5/vignette.yaml.5",
                "opt/v/share/man/man8/vignette.service.8",
                "opt/v/share/bash-completion/completions/vignette",
                "opt/v/share/zsh/site-functions/_vignette",
                "opt/v/share/fish/vendor_completions.d/vignette.fish",
            ]
            for file in expected {
                let path = destination.appending(file).string
                #expect(FileManager.default.fileExists(atPath: path), "\(file)")
            }
            let unit = try String(
                contentsOfFile: destination.appending(
                    "opt/v/lib/systemd/system/vignette.service"
                ).string, encoding: .utf8)
            #expect(unit.contains("ExecStart=/opt/v/bin/vignette watch"))

            // Program, decoder and models are found where they were put.
            let program = destination.appending("opt/v/bin/vignette")
            for (chosen, model) in [("", "photographs"), ("demo", "demo")] {
                var environment = sandbox.environment
                environment["VIGNETTE_MODEL"] = chosen.isEmpty ? nil : chosen
                let caption = try await RunningProgram(
                    ProgramLaunch(
                        program, ["caption", "--json", "pictures/one.png"],
                        environment: environment, workingDirectory: sandbox.path)
                ).result()
                #expect(caption.status == 0, "\(caption)")
                let described = try caption.decoded(CaptionedFile.self)
                #expect(described.map { $0.model.hasPrefix("\(model)@") } == [true], "\(caption)")
            }
        }

        @Test func editedConfigurationSurvivesInstallAndUninstall() async throws {
            let sandbox = try Sandbox()
            let destination = sandbox.path.appending("destination")
            _ = try await make("install", in: sandbox, destination)
            let configuration = destination.appending("etc/vignette/vignette.yaml")
            try Data("folders: [/srv/photos]\n".utf8).write(toExactly: configuration)
            let again = try await make("install", in: sandbox, destination)
            #expect(again.status == 0, "\(again)")
            #expect(try Data(exactly: configuration) == Data("folders: [/srv/photos]\n".utf8))
            let uninstall = try await make("uninstall", in: sandbox, destination)
            #expect(uninstall.status == 0, "\(uninstall)")
            let rest = FileTree.walk(destination).filter { $0.type == S_IFREG }.map(\.path)
            #expect(rest == [configuration])
        }

        @Test func configurationThatIsInstalledIsValid() async throws {
            let sandbox = try Sandbox()
            let file = BuildProducts.checkout.appending("Config/vignette.yaml")
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let result = try await sandbox.run(
                "scan", "--config", ProgramArgument(file), ProgramArgument(sandbox.pictures))
            #expect(result.status == 0, "\(result)")

            // Every key that it explains is a key: take away the marks in front of them.
            let text = try String(contentsOfFile: file.string, encoding: .utf8)
            let keys = text.split(separator: "\n").filter {
                $0.contains(/^# +[a-z-]+:( |$)/) || $0.contains(#/^# +- ./#)
            }
            let everything = keys.map { $0.dropFirst(2) }.joined(separator: "\n")
            try sandbox.configure(everything + "\n")
            let all = try await sandbox.run("status", "--config", "config/vignette/vignette.yaml")
            #expect(all.status == 0, "\(all)")
        }

        private func make(
            _ target: ProgramArgument, in sandbox: Sandbox, _ destination: FilePath
        ) async throws -> ProgramResult {
            try await RunningProgram(
                ProgramLaunch(
                    "/usr/bin/env",
                    [
                        "make", target, "PREFIX=/opt/v",
                        ProgramArgument("DESTDIR=\(destination.string)"),
                        ProgramArgument("RELEASE=\(BuildProducts.folder.string)"),
                    ], environment: sandbox.environment,
                    workingDirectory: BuildProducts.checkout)
            ).result()
        }
    }
}
