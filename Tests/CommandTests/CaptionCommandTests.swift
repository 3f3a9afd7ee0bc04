import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct CaptionCommandTests {
        @Test func captionPrintsALineForEachFileInOrderAndKeepsNothing() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            try sandbox.write(PictureFactory.bitmap(2), to: "two.bmp")
            let result = try await sandbox.run(
                plainly: ["caption", "pictures/two.bmp", "pictures/one.png"])
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.count == 2)
            #expect(result.lines.first?.hasPrefix("pictures/two.bmp  ") == true, "\(result)")
            #expect(result.lines.last?.hasPrefix("pictures/one.png  ") == true, "\(result)")
            #expect(!FileManager.default.fileExists(atPath: sandbox.catalogue.string))
            let own = sandbox.path.appending("data/vignette/catalogue.sqlite")
            #expect(!FileManager.default.fileExists(atPath: own.string))
        }

        @Test func jsonHoldsTextsTagsModelAndTokens() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let result = try await sandbox.run(
                plainly: ["caption", "--json", ProgramArgument(file)])
            let line = try #require(try result.decoded(CaptionedFile.self).first)
            #expect(result.lines.count == 1)
            #expect(line.path.path == file)
            #expect(line.captions.map(\.text) == [line.caption])
            #expect(line.captions.first?.start == nil)
            #expect(line.model.contains("@"))
            #expect(line.tagProbabilities.count == line.tags.count)
            #expect(line.tagProbabilities.allSatisfy { $0.map { (0...1).contains($0) } ?? true })
            #expect(line.tokens == 1)
            #expect(line.tokenDimension > 0)
        }

        @Test func aSmallModelSaysThatItKnowsEnglishOnly() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            try sandbox.configure("captioning: {language: de}")
            let result = try await sandbox.run(plainly: ["caption", "pictures/one.png"])
            #expect(result.status == 1)
            #expect(result.errorText.contains("knows English only"), "\(result)")
        }

        @Test func answersDoNotDependOnWhatElseIsCaptioned() async throws {
            let sandbox = try Sandbox()
            for number in 1...3 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let alone = try await sandbox.run(plainly: ["caption", "pictures/2.png"])
            let among = try await sandbox.run(
                plainly: ["caption", "pictures/1.png", "pictures/2.png", "pictures/3.png"])
            #expect(alone.lines.first == among.lines.dropFirst().first)
        }

        @Test func tagsThatAreNotCertainEnoughAreLeftOut() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            func captioned(_ certainty: Double) async throws -> CaptionedFile? {
                try sandbox.configure("captioning: {certainty: \(certainty)}")
                let result = try await sandbox.run(
                    plainly: ["caption", "--json", "pictures/one.png"])
                return try result.decoded(CaptionedFile.self).first
            }
            let all = try #require(try await captioned(0))
            let certain = try #require(try await captioned(1))
            let kept = zip(all.tags, all.tagProbabilities).filter { ($0.1 ?? 1) >= 1 }.map(\.0)
            #expect(Set(certain.tags).isSubset(of: kept))
            #expect(certain.tags.count < all.tags.count)
            #expect(certain.caption == all.caption)
        }

        @Test func promptTakesTheDescriptionsPlace() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            func answer(_ arguments: [ProgramArgument]) async throws -> String? {
                let result = try await sandbox.run(
                    plainly: ["caption", "--json"] + arguments + ["pictures/one.png"])
                return try result.decoded(CaptionedFile.self).first?.caption
            }
            let usual = try await answer([])
            let same = try await answer(["--prompt", "Describe this picture in one sentence."])
            let other = try await answer(["--prompt", "How many boats are there?"])
            #expect(usual == same)
            #expect(usual != other)
            let empty = try await sandbox.run(plainly: ["caption", "--prompt", " ", "x.png"])
            #expect(empty.status == 2)
            #expect(empty.complaints.first?.contains("--prompt is empty") == true, "\(empty)")
        }

        @Test func badFilesAreNamedAndTheOthersStillDone() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            try sandbox.write(Data("text".utf8), to: "text.jpg")
            let result = try await sandbox.run(
                plainly: [
                    "caption", "pictures/text.jpg", "pictures/gone.png", "pictures/one.png",
                    "pictures",
                ])
            #expect(result.status == 1, "\(result)")
            #expect(result.lines.count == 1)
            #expect(result.complaints.count == 3, "\(result)")
            for (complaint, name) in zip(
                result.complaints, ["pictures/text.jpg", "pictures/gone.png", "pictures"])
            {
                #expect(complaint.hasPrefix("vignette: \(name): "), "\(complaint)")
            }
        }

        @Test func modelIsChosenByFolderAndByName() async throws {
            let sandbox = try Sandbox(["VIGNETTE_MODEL": ""])
            let file = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let folder = sandbox.path.appending("data/vignette/models/other")
            try FileManager.default.createDirectory(
                atPath: folder.removingLastComponent().string, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: BuildProducts.checkout.appending("Models/demo").string,
                toPath: folder.string)
            for choice in [ProgramArgument(folder), "other"] {
                let result = try await sandbox.run(
                    plainly: ["caption", "--json", "--model", choice, ProgramArgument(file)])
                let model = try result.decoded(CaptionedFile.self).first?.model
                #expect(model?.hasPrefix("other@") == true, "\(result)")
            }
            // The newest model in the models folder comes before the bundled one.
            let unnamed = try await sandbox.run(
                plainly: ["caption", "--json", ProgramArgument(file)])
            #expect(
                try unnamed.decoded(CaptionedFile.self).first?.model.hasPrefix("other@") == true)
        }

        @Test func modelThatIsNotThereIsNamed() async throws {
            let result = try await Sandbox().run(
                plainly: ["caption", "--model", "no-such-model", "x.png"])
            #expect(result.status == 1)
            #expect(result.complaints.count == 1, "\(result)")
            #expect(result.complaints.first?.contains("no-such-model") == true)
        }
    }
}
