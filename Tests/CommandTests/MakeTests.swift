import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What `make` and `./vignette` say to somebody who has only just cloned the project.
    @Suite struct MakeTests {
        private static func make(_ sandbox: Sandbox, swift: String) async throws -> ProgramResult {
            let tool = sandbox.path.appending("swift").string
            try Data("#!/bin/sh\n\(swift)\n".utf8).write(to: URL(fileURLWithPath: tool))
            return try await sandbox.shell(
                "chmod +x swift; make -s -C \"$1\" toolchain SWIFT=\"$PWD/swift\"",
                arguments: [BuildProducts.checkout])
        }

        @Test(arguments: ["5.10.1", "6.0", "6.1.3"]) func oldSwiftIsNamedWithWhatToInstall(
            version: String
        ) async throws {
            let result = try await Self.make(
                Sandbox(), swift: "echo 'Swift version \(version) (swift-\(version)-RELEASE)'")
            #expect(result.status == 2, "\(result)")
            let short = version.split(separator: ".").prefix(2).joined(separator: ".")
            #expect(result.errorText.contains("Swift \(short)"), "\(result)")
            #expect(result.errorText.contains("swift.org/install"), "\(result)")
        }

        @Test func missingSwiftIsSaidWithWhatToInstall() async throws {
            let result = try await Self.make(Sandbox(), swift: "exit 127")
            #expect(result.status == 2, "\(result)")
            #expect(result.errorText.contains("swift.org/install"), "\(result)")
        }

        @Test(arguments: ["6.2", "6.10.1", "7.0"]) func newerSwiftWillDo(
            version: String
        ) async throws {
            let result = try await Self.make(
                Sandbox(), swift: "echo 'Apple Swift version \(version)'")
            #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        }

        @Test func programThatIsNotBuiltSaysWhatBuildsIt() async throws {
            let sandbox = try Sandbox()
            let script = "cp \"$1/vignette\" . && ./vignette status"
            let result = try await sandbox.shell(script, arguments: [BuildProducts.checkout])
            #expect(result.status == 1 && result.output.isEmpty, "\(result)")
            #expect(result.errorText.contains("make build"), "\(result)")
        }

        @Test func builtProgramGetsEveryWordAndAlsoByALink() async throws {
            let sandbox = try Sandbox()
            let result = try await sandbox.shell(
                """
                mkdir -p "a b/.build/release" && cp "$1/vignette" "a b/"
                printf '#!/bin/sh\\nprintf "%%s|" "$@"\\n' > "a b/.build/release/vignette"
                cp "a b/.build/release/vignette" "a b/.build/release/vignette-decoder"
                chmod +x "a b/.build/release/"* && ln -s "a b/vignette" link
                ./link search 'red car' ''
                """, arguments: [BuildProducts.checkout])
            #expect(result.text == "search|red car||", "\(result)")
        }
    }
}
