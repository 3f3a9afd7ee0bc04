import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Questions through the built program.
    @Suite struct AskCommandTests {
        private let sandbox: Sandbox
        private static let samples = BuildProducts.checkout.appending("Samples")
        private let fox = ProgramArgument(samples.appending("fox-lake-cloudy.jpg"))
        private let goat = ProgramArgument(samples.appending("goat-honeypot-beach-cloudy.jpg"))

        init() throws { sandbox = try Sandbox(["VIGNETTE_CAPTIONING_ANSWER_TOKENS": ""]) }

        private struct Answer: Decodable {
            struct Share: Decodable {
                var path: ReportedPath
                var second: Double?
                var share: Double
            }
            var question: String
            var answer: String
            var paths: [ReportedPath]
            var restsOn: [Share]
        }

        private func ask(_ arguments: ProgramArgument...) async throws -> [Answer] {
            let result = try await sandbox.run(plainly: ["ask", "--json"] + arguments)
            #expect(result.status == 0, "\(result)")
            return try result.decoded(Answer.self)
        }

        @Test func aPictureIsAskedAbout() async throws {
            let result = try await sandbox.run(plainly: [
                "ask", fox, "Is there a fox in the picture?",
            ])
            #expect(result.text == "Yes.\n", "\(result)")
            let answers = try await ask(
                fox, "--question", "Is there a fox in the picture?", "--question",
                "Is there a violin in the picture?")
            #expect(answers.map(\.answer) == ["Yes.", "No."])
        }

        @Test func anAlbumsAnswerSaysWhatItRestsOn() async throws {
            let answers = try await ask(fox, goat, "What is in the picture?")
            #expect(answers.count == 1 && answers[0].paths.count == 2)
            #expect(Set(answers[0].restsOn.map(\.path.path)).count == 2)
            #expect(abs(answers[0].restsOn.reduce(0) { $0 + $1.share } - 1) < 1e-6)
            let result = try await sandbox.run(plainly: ["ask", fox, goat, "What is there?"])
            #expect(result.lines.contains { $0.hasPrefix("rests on ") }, "\(result)")
        }

        @Test(
            arguments: [
                ("Where is the fox?", "fox-lake-cloudy.jpg"),
                ("Is there a giraffe in the picture?", "giraffe-playground-rain.jpg"),
                ("Where is the truck?", "truck-kitchen-bright.jpg"),
            ])
        func theAnswerRestsOnThePictureThatShowsIt(question: String, right: String) async throws {
            let album = [
                "football-street-night.jpg", "fox-lake-cloudy.jpg", "truck-kitchen-bright.jpg",
                "apple-snow-fog.jpg", "giraffe-playground-rain.jpg",
                "goat-honeypot-beach-cloudy.jpg",
            ].map { ProgramArgument(Self.samples.appending($0)) }
            let result = try await sandbox.run(
                plainly: ["ask", "--json"] + album + [ProgramArgument(question)])
            let first = try #require(try result.decoded(Answer.self)[0].restsOn.first)
            #expect(first.path.path.lastComponent?.string == right)
            #expect(first.share > 0.4, "clearly more than a sixth: \(first.share)")
        }

        @Test func aClipsAnswerSaysOnWhichSeconds() async throws {
            let clip = ProgramArgument(Self.samples.appending("truck-lake.mp4"))
            let answers = try await ask(clip, "What is in the picture?")
            #expect(answers[0].answer.contains("truck"), "\(answers)")
            #expect(answers[0].restsOn.count > 1)
            #expect(answers[0].restsOn.allSatisfy { $0.second != nil })
        }

        @Test func thePicturesMayComeFromTheCatalogue() async throws {
            try sandbox.write(
                Data(exactly: Self.samples.appending("fox-lake-cloudy.jpg")), to: "a.jpg")
            try sandbox.write(Data(exactly: Self.samples.appending("map-bright.jpg")), to: "b.jpg")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let found = try await sandbox.run(
                "ask", "--search", "fox", "--json", "Is there a fox in the picture?")
            let answers = try found.decoded(Answer.self)
            #expect(answers[0].paths.map { $0.path.lastComponent?.string } == ["a.jpg"])
            #expect(answers[0].answer == "Yes.")
            let none = try await sandbox.run("ask", "--search", "zeppelin", "Where?")
            #expect(none.status == 1 && none.complaints.count == 1, "\(none)")
        }

        @Test func whatCannotBeAskedIsSaidInALine() async throws {
            let text = try sandbox.write(Data("no picture".utf8), to: "a.txt")
            let result = try await sandbox.run(
                plainly: ["ask", ProgramArgument(text), "What is it?"])
            #expect(result.status == 1)
            #expect(result.complaints.filter { $0.contains("a.txt") }.count == 1, "\(result)")
            let many = [ProgramArgument](repeating: fox, count: 65)
            for arguments in [
                ["ask"], ["ask", "What?"], ["ask", fox, "  "], ["ask"] + many + ["What?"],
                ["ask", "--search", "x", fox, "What?"],
                ["ask", "--search", "x", "--limit", "65", "What?"],
            ] as [[ProgramArgument]] {
                let result = try await sandbox.run(plainly: arguments)
                #expect(result.status == 2, "\(arguments.count) words: \(result)")
            }
        }
    }
}
