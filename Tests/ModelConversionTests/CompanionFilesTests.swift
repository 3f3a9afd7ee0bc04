import CLIP
import Foundation
import JSONScanning
import LLaVAMini
import ModelLoading
import SystemPackage
import Testing

@testable import ModelConversion

@Suite struct CompanionFilesTests {
    private func companions(_ copy: SourceCopy) throws -> CompanionFiles {
        CompanionFiles(try ConversionSource(copy.folder, ignoresUnexpected: false), bits: .four)
    }

    private func converted(_ copy: SourceCopy) throws -> FilePath {
        try FileManager.default.createDirectory(
            atPath: copy.target.string, withIntermediateDirectories: true)
        let files = try companions(copy)
        try files.write(to: copy.target)
        // Until then it is no model.
        #expect(throws: ModelError.self) { try ModelConfiguration(folder: copy.target) }
        try files.writeConfiguration(to: copy.target)
        return copy.target
    }

    @Test func notesInTheConfigurationWhatWasDone() throws {
        let copy = try SourceCopy()
        let folder = try converted(copy)
        let text = try Data(contentsOf: URL(filePath: folder.appending("config.json").string))
        let value = try [UInt8](text).withUnsafeBytes {
            var scanner = JSONScanner($0)
            return try scanner.value()
        }
        #expect(value["vignette_quantization"]?["bits"]?.integer == 4)
        #expect(value["vignette_quantization"]?["layout"]?.integer == 1)
        #expect(value["vignette_quantization"]?["source"]?.string == "tiny")
        #expect(value["mm_vision_tower"]?.string == "vision_tower")
        #expect(value["rms_norm_eps"] == .number(1e-6))
    }

    @Test func takesThePlacesOfTheTowersFilesFromTheConfiguration() throws {
        let copy = try SourceCopy()
        // The tower stands beside the checkpoint, and the processor's file is the checkpoint's.
        let tower = copy.room.appending("vision_tower")
        try FileManager.default.moveItem(
            atPath: copy.path("vision_tower").string, toPath: tower.string)
        try FileManager.default.moveItem(
            atPath: tower.appending("preprocessor_config.json").string,
            toPath: copy.path("preprocessor_config.json").string)
        let folder = try converted(copy)
        #expect(
            try copy.names(folder.appending("vision_tower"))
                == ["config.json", "preprocessor_config.json"])
        let (before, after) = (
            try ModelConfiguration(folder: copy.folder), try ModelConfiguration(folder: folder)
        )
        #expect(after.processor == before.processor && after.vision == before.vision)
    }

    @Test func followsLinksAndTakesLicencesAlong() throws {
        let copy = try SourceCopy()
        let blob = copy.room.appending("blob")
        try FileManager.default.moveItem(
            atPath: copy.path("tokenizer.json").string, toPath: blob.string)
        try FileManager.default.createSymbolicLink(
            atPath: copy.path("tokenizer.json").string, withDestinationPath: blob.string)
        try copy.write("terms", to: copy.path("LICENSE.txt"))
        try FileManager.default.createDirectory(
            atPath: copy.path("LICENSES").string, withIntermediateDirectories: true)
        let folder = try converted(copy)
        try FileManager.default.removeItem(atPath: blob.string)
        #expect(try copy.text(folder.appending("tokenizer.json")).count > 1000)
        #expect(try copy.text(folder.appending("LICENSE.txt")) == "terms")
    }

    @Test func namesATokenizerThatIsNotThere() throws {
        let copy = try SourceCopy()
        try FileManager.default.removeItem(atPath: copy.path("tokenizer.json").string)
        let error = try #require(throws: ConversionError.self) { try companions(copy).check() }
        #expect(error.reason == "lacks tokenizer.json")
    }
}
