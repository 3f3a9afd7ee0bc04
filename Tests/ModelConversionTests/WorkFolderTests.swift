import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelConversion

@Suite struct WorkFolderTests {
    let directory: TemporaryDirectory
    var target: FilePath { directory.path.appending("model") }
    var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: directory.path.string).sorted()
        }
    }

    init() throws { directory = try TemporaryDirectory() }

    private func reason(_ target: FilePath) throws -> String {
        try #require(throws: ConversionError.self) { try WorkFolder(for: target) }.reason
    }

    @Test func appearsInItsPlaceOnlyWhenItIsFinished() throws {
        let work = try WorkFolder(for: target)
        #expect(try names == [".model.converting"])
        try Data("x".utf8).write(to: URL(filePath: work.path.appending("file").string))
        try work.finish()
        #expect(try names == ["model"])
        #expect(FileManager.default.fileExists(atPath: target.appending("file").string))
    }

    @Test func emptiesWhatAKilledConversionLeft() throws {
        let left = directory.path.appending(".model.converting/vision_tower")
        try FileManager.default.createDirectory(
            atPath: left.string, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: left.appending("old").string))
        let work = try WorkFolder(for: target)
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path.string).isEmpty)
    }

    @Test func isOneConversionsAtATime() throws {
        let work = try WorkFolder(for: target)
        #expect(try reason(target).contains("another conversion"))
        work.discard()
        #expect(try names.isEmpty)
    }

    @Test func followsNoLinkInItsPlace() throws {
        let other = directory.path.appending("other")
        try FileManager.default.createDirectory(
            atPath: other.appending("precious").string, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path.appending(".model.converting").string,
            withDestinationPath: other.string)
        #expect(try reason(target) == "cannot be written")
        #expect(FileManager.default.fileExists(atPath: other.appending("precious").string))
    }

    @Test func takesTheNameOfNothingThatExists() throws {
        try FileManager.default.createSymbolicLink(
            atPath: target.string, withDestinationPath: "nowhere")
        #expect(try reason(target) == "exists already")
        #expect(try reason("/").contains("no name for a folder"))
        #expect(try reason("..").contains("no name for a folder"))
    }

    @Test func replacesNothingThatAppearedMeanwhile() throws {
        let work = try WorkFolder(for: target)
        try Data("x".utf8).write(to: URL(filePath: target.string))
        #expect(throws: ConversionError.self) { try work.finish() }
        #expect(try names == [".model.converting", "model"])
    }
}
