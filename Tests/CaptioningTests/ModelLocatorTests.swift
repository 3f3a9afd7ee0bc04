import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Captioning

@Suite struct ModelLocatorTests {
    private let directory: TemporaryDirectory
    private let models: FilePath
    private let bundled: FilePath
    private let drawings: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        models = directory.path.appending("models")
        bundled = directory.path.appending("bundled/photographs")
        drawings = directory.path.appending("bundled/demo")
    }

    @Test func takesTheChosenFolder() throws {
        let folder = try makeModel(directory.path.appending("elsewhere"))
        #expect(try locator.find(folder.string) == folder)
    }

    @Test func takesTheChosenName() throws {
        let folder = try makeModel(models.appending("big"))
        #expect(try locator.find("big") == folder)
    }

    @Test func aNameDoesNotClimbOutOfTheModelsFolder() throws {
        try makeModel(directory.path.appending("secret"))
        #expect(throws: ModelLocator.NotFound.self) { try locator.find("../secret") }
    }

    @Test func prefersTheNewestInTheModelsFolder() throws {
        try makeModel(models.appending("a"), age: 100)
        let newest = try makeModel(models.appending("b"), age: 10)
        try makeModel(models.appending("c"), age: 50)
        try makeModel(bundled)
        #expect(try locator.find(nil) == newest)
    }

    @Test func passesByModelsInTheMaking() throws {
        let done = try makeModel(models.appending("done"), age: 100)
        try makeModel(models.appending(".done-q4.converting"))
        #expect(try locator.find(nil) == done)
    }

    @Test func fallsBackToTheBundledModelForPhotographs() throws {
        try makeModel(bundled, age: 100)
        try makeModel(drawings)
        #expect(try locator.find(nil) == bundled)
        #expect(locator.bundledModels == [bundled, drawings])
    }

    @Test func takesAnotherBundledModelByItsName() throws {
        try makeModel(bundled)
        try makeModel(drawings)
        #expect(try locator.find("demo") == drawings)
    }

    @Test func aFetchedModelComesBeforeABundledOneOfItsName() throws {
        try makeModel(drawings)
        let own = try makeModel(models.appending("demo"))
        #expect(try locator.find("demo") == own)
    }

    @Test func namesTheBundledModelsWhereTheChosenOneIsNotThere() throws {
        try makeModel(bundled)
        try makeModel(drawings)
        let error = #expect(throws: ModelLocator.NotFound.self) { try locator.find("absent") }
        #expect(error?.description.contains("'photographs', 'demo'") == true)
    }

    @Test func saysWhereItLooked() throws {
        let error = #expect(throws: ModelLocator.NotFound.self) { try locator.find(nil) }
        #expect(error?.description.contains(models.string) == true)
        #expect(error?.description.contains("--model") == true)
    }

    private var locator: ModelLocator {
        let folders = [directory.path.appending("absent"), directory.path.appending("bundled")]
        return ModelLocator(models: models, bundledFolders: folders)
    }

    @discardableResult
    private func makeModel(_ folder: FilePath, age: TimeInterval = 0) throws -> FilePath {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        let file = folder.appending("config.json").string
        try Data("{}".utf8).write(to: URL(fileURLWithPath: file))
        try manager.setAttributes(
            [.modificationDate: Date().addingTimeInterval(-age)], ofItemAtPath: file)
        return folder
    }
}
