import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct FolderVerificationTests {
    private let directory: TemporaryDirectory
    private let manifest: SourceManifest

    init() throws {
        directory = try TemporaryDirectory()
        var files: [SourceManifest.File] = []
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("sub").string, withIntermediateDirectories: true)
        for name in ["a", "sub/b"] {
            let path = directory.path.appending(name)
            try Data("contents of \(name)".utf8).write(to: URL(fileURLWithPath: path.string))
            let digests = try FileDigests(of: path)
            files.append(
                .init(path: name, bytes: try OpenFile(reading: path).size, sha256: digests.sha256))
        }
        manifest = SourceManifest(sources: [], files: files)
    }

    private func faults() -> [String] {
        FolderVerification.faults(in: directory.path, against: manifest).map(\.description)
    }

    @Test func untouchedFolderHasNoFaults() throws {
        try manifest.write(into: directory.path)
        #expect(try SourceManifest(in: directory.path) == manifest)
        #expect(faults().isEmpty)
    }

    @Test func everyFaultIsNamed() throws {
        try OpenFile(writing: directory.path.appending("a")).write([0], at: 3)
        try FileManager.default.removeItem(atPath: directory.path.appending("sub/b").string)
        #expect(faults().count == 2)
        #expect(faults()[0].hasPrefix("a: was changed"))
        #expect(faults()[1] == "sub/b: is missing")
        try OpenFile(writing: directory.path.appending("a")).resize(5)
        #expect(faults()[0] == "a: has 5 bytes instead of 13")
    }

    @Test func pipeInThePlaceOfAFileDoesNotKeepItWaiting() throws {
        let path = directory.path.appending("a")
        try FileManager.default.removeItem(atPath: path.string)
        #expect(path.withPlatformString { mkfifo($0, 0o600) } == 0)
        #expect(faults().count == 1)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"format": 2, "sources": [], "files": []}"#,
        #"{"format": 1, "sources": [], "files": [{"path": "../x", "bytes": 1, "sha256": ""}]}"#,
        #"{"format": 1, "sources": [], "files": [{"path": "x", "bytes": -1, "sha256": ""}]}"#,
    ]) func damagedManifestIsAnErrorThatNamesIt(json: String) throws {
        let path = directory.path.appending(SourceManifest.fileName)
        try Data(json.utf8).write(to: URL(fileURLWithPath: path.string))
        let error = #expect(throws: HubError.self) { try SourceManifest(in: directory.path) }
        #expect(error?.subject == path.string)
    }

    @Test func folderWithoutAManifestHasNone() throws {
        #expect(try SourceManifest(in: directory.path) == nil)
    }
}
