import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct DoctorCommandTests {
        @Test func healthyInstallationHasNoProblem() async throws {
            let library = try await DescribedLibrary.get()
            try library.sandbox.configure("folders: [\(library.sandbox.pictures.string)]\n")
            let result = try await library.run("doctor")
            #expect(result.status == 0, "\(result)")
            #expect(!result.lines.isEmpty)
            #expect(!result.text.contains("problem"), "\(result)")
        }

        @Test func saysWhatModelsTakeHere() async throws {
            let result = try await DescribedLibrary.get().run("doctor")
            let line = { (check: String) in
                result.lines.first { $0.contains("  \(check): ") } ?? ""
            }
            #expect(line("memory").contains(" takes about "), "\(result)")
            #expect(line("speed").contains(/about [0-9]+ pictures an hour/), "\(result)")
            let released = line("released model")
            #expect(released.contains("4 bits take ") && released.contains("8 bits take "))
        }

        @Test func jsonIsOneObjectACheck() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("doctor", "--json")
            #expect(!result.lines.isEmpty)
            for line in result.lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                #expect(object is [String: Any], "\(line)")
            }
        }

        @Test func folderAndModelThatAreNotThereAreProblems() async throws {
            let sandbox = try Sandbox(["VIGNETTE_MODEL": ""])
            try sandbox.configure("folders: [/nowhere/at/all]\nmodel: no-such-model\n")
            let result = try await sandbox.run("doctor")
            #expect(result.status == 1, "\(result)")
            #expect(result.text.contains("/nowhere/at/all"), "\(result)")
            #expect(result.text.contains("no-such-model"), "\(result)")
        }

        @Test func damagedCatalogueIsAProblem() async throws {
            let sandbox = try Sandbox()
            try FileManager.default.createDirectory(
                atPath: sandbox.catalogue.removingLastComponent().string,
                withIntermediateDirectories: true)
            try Data("this is no database, whatever its name".utf8)
                .write(toExactly: sandbox.catalogue)
            let result = try await sandbox.run("doctor")
            #expect(result.status == 1, "\(result)")
            #expect(result.text.contains(sandbox.catalogue.string), "\(result)")
        }
    }
}
