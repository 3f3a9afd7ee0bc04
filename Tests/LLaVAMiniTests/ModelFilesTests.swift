import Foundation
import SystemPackage
import Testing

@testable import LLaVAMini

@Suite struct ModelFilesTests {
    @Test func areTheTowersOwn() throws {
        let copy = try CheckpointCopy()
        let files = try ModelFiles(folder: copy.folder)
        #expect(files.configuration == copy.path("config.json"))
        #expect(files.towerFolder == copy.path("vision_tower"))
        #expect(files.towerConfiguration == copy.path("vision_tower/config.json"))
        #expect(files.preprocessor == copy.path("vision_tower/preprocessor_config.json"))
    }

    @Test func fallBackToTheCheckpointsProcessor() throws {
        let copy = try CheckpointCopy()
        try FileManager.default.moveItem(
            atPath: copy.path("vision_tower/preprocessor_config.json").string,
            toPath: copy.path("preprocessor_config.json").string)
        let files = try ModelFiles(folder: copy.folder)
        #expect(files.preprocessor == copy.path("preprocessor_config.json"))
    }
}
