import Foundation
import SystemPackage
import TestHub
import TestSupport
import Testing

extension SystemTests {
    @Suite struct ModelPullCommandTests {
        @Test func pulledModelDescribesAndIsTheOneInUse() async throws {
            let world = try ModelWorld()
            let pulled = try await world.run("pull")
            #expect(pulled.status == 0, "\(pulled)")
            #expect(pulled.text.contains(world.model.string))
            #expect(pulled.errorLines.contains("verified config.json"), "\(pulled)")
            #expect(!pulled.errorText.contains("\r"), "a bar is for terminals")

            let verified = try await world.run("verify")
            #expect(verified.status == 0, "\(verified)")
            #expect(verified.text.contains(world.model.string), "\(verified)")
            try world.sandbox.write(PictureFactory.png(1), to: "one.png")
            let captioned = try await world.sandbox.run(
                plainly: ["caption", "--json", "pictures/one.png"])
            #expect(captioned.text.contains("\"model\":\"\(ModelWorld.name)@"), "\(captioned)")

            let again = try await world.run("pull", "--json")
            #expect(again.text.contains("\"wasThere\":true"), "\(again)")
        }

        @Test func hubWithACertificateThatNobodyKnowsIsRefusedInOneLine() async throws {
            let world = try ModelWorld()
            let authority = try TestAuthority(in: world.sandbox.path)
            let relay = try TLSRelay(
                to: world.hub.endpoint, as: authority.identity(for: "IP:127.0.0.1"))
            let endpoint = ["HF_ENDPOINT": "https://\(relay.address)"]
            let result = try await world.run("pull", settings: endpoint)
            #expect(result.status == 1 && result.text.isEmpty, "\(result)")
            let complaints = result.errorLines.filter { $0.contains("certificate") }
            #expect(complaints.count == 1, "\(result)")
            #expect(complaints.first?.contains("SSL_CERT_FILE") == true, "\(result)")
            #expect(world.hub.requests.isEmpty)
        }

        @Test func pulledModelIsPackedAndTheOriginalsGo() async throws {
            let world = try ModelWorld()
            let result = try await world.run("pull", "--convert", "4")
            #expect(result.status == 0, "\(result)")
            let packed = world.models.appending("\(ModelWorld.name)-q4")
            #expect(result.text.contains(packed.string), "\(result)")
            #expect(FileTree.entries(of: world.models).map(\.path) == [packed])
            let verified = try await world.run("verify", "\(ModelWorld.name)-q4")
            #expect(verified.status == 0 && verified.text.contains("as they were"), "\(verified)")
            let info = try await world.run("info", "\(ModelWorld.name)-q4")
            #expect(info.text.contains("4 bits") && info.text.contains(ModelWorld.released))
        }

        @Test(
            .enabled("a terminal can be had") {
                FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
            }, arguments: [("y\\ny", ["-q4"]), ("y\\nn", ["", "-q4"]), ("n", [""])])
        func pullOnATerminalOffersToPackAndToDelete(
            answers: String, endings: [String]
        ) async throws {
            let world = try ModelWorld()
            let result = try await world.sandbox.shell(
                "printf '\(answers)\\n' | script -qec \"'$PROGRAM' model pull\" /dev/null")
            #expect(result.text.contains("Pack its weights in 4 bits"), "\(result)")
            let names = FileTree.entries(of: world.models).compactMap {
                $0.path.lastComponent?.string
            }
            #expect(Set(names) == Set(endings.map { ModelWorld.name + $0 }), "\(result)")
        }

        @Test func originalsStayWhereThatIsAskedFor() async throws {
            let world = try ModelWorld()
            let result = try await world.run("pull", "--convert", "8", "--keep-originals")
            #expect(result.status == 0, "\(result)")
            let names = FileTree.entries(of: world.models).compactMap {
                $0.path.lastComponent?.string
            }
            #expect(Set(names) == [ModelWorld.name, "\(ModelWorld.name)-q8"])
        }

        @Test func refusalOfTheHubIsOneClearLine() async throws {
            let world = try ModelWorld()
            let result = try await world.run("pull", "owner/absent")
            #expect(result.status == 1, "\(result)")
            #expect(result.errorLines.last?.contains("Check the name") == true, "\(result)")
            #expect(!FileManager.default.fileExists(atPath: world.models.string))
        }

        @Test func offlineAsksNobody() async throws {
            let world = try ModelWorld()
            let result = try await world.run("pull", "--offline")
            #expect(result.status == 1, "\(result)")
            #expect(result.errorText.contains("--offline"), "\(result)")
            #expect(world.hub.requests.isEmpty)
        }

        @Test(arguments: [
            ["pull", "llava"], ["pull", "a/b@"], ["pull", "../x"], ["pull", "--connections", "0"],
            ["pull", "--name", "../x"], ["pull", "--convert", "5"], ["pull", "a/b", "c/d"],
            ["remove"], ["polish"],
        ]) func wrongUsageExitsWithTwo(arguments: [String]) async throws {
            let world = try ModelWorld()
            let result = try await world.sandbox.run(
                plainly: ["model"] + arguments.map { ProgramArgument($0) })
            #expect(result.status == 2, "\(result)")
            #expect(world.hub.requests.isEmpty)
        }
    }
}
