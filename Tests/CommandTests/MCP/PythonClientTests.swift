import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// The protocol's own client as the other side, where it is installed as CONTRIBUTING.md says.
    @Suite struct PythonClientTests {
        private static let python = BuildProducts.checkout.appending(
            ".build/mcp-client/bin/python")
        private static var isThere: Bool {
            FileManager.default.isExecutableFile(atPath: python.string)
        }

        @Test(.enabled(if: isThere, "the Python package 'mcp' is not in .build/mcp-client"))
        func everythingHoldsForThePythonClient() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.sandbox.shell(
                "\"$1\" \"$2\" \"$PROGRAM\" --catalogue \"$CATALOGUE\"",
                arguments: [
                    Self.python, BuildProducts.checkout.appending("Tests/mcp_client.py"),
                ])
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.count { $0.hasPrefix("ok ") } >= 18)
        }
    }
}
