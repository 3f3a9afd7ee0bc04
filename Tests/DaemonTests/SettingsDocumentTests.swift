import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct SettingsDocumentTests {
    /// The lines that are keys, without the mark that makes them comments.
    private static func keys() -> String {
        SettingsDocument.text.split(separator: "\n").filter {
            $0.contains(#/^# +[a-z-]+:( |$)/#) || $0.contains(#/^# +- ./#)
        }.map { $0.dropFirst(2) }.joined(separator: "\n") + "\n"
    }

    @Test func documentHasEveryKeyWithTheDefaultThatHolds() throws {
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("vignette.yaml")
        try Data(Self.keys().utf8).write(to: URL(filePath: file.string))
        let values = try SettingsFile.read(file)
        #expect(Set(values.keys) == Set(SettingKey.allCases))
        let loader = SettingsLoader(environment: ["HOME": "/home/anna"])
        let empty = directory.path.appending("empty.yaml")
        try Data("# nothing\n".utf8).write(to: URL(filePath: empty.string))
        var written = try loader.load(file: file)
        let standard = try loader.load(file: empty)
        for key in SettingKey.allCases where !key.explanation.isDefault {
            #expect(
                [.folders, .catalogue, .model, .sidecarsFolder, .workersQueue].contains(key),
                "\(key) has no default")
        }
        written.configurationFile = standard.configurationFile
        written.model = standard.model
        written.folders = standard.folders
        written.catalogue = standard.catalogue
        written.workersQueue = standard.workersQueue
        written.sidecarFolder = standard.sidecarFolder
        #expect("\(written)" == "\(standard)")
    }

    @Test func documentWithoutItsMarksSaysNothing() throws {
        #expect(SettingsDocument.text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
        #expect(SettingsDocument.text.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test func wordsThatAKeyTakesAreNamed() {
        for key in SettingKey.allCases {
            guard case .choice(let words) = key.form else { continue }
            let text = SettingsDocument.text(of: key)
            for word in words { #expect(text.contains(word), "\(key): \(word)") }
        }
    }
}
