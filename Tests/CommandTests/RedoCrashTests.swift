import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Pictures that are described again, with kills between.
    @Suite struct RedoCrashTests {
        private static let pictures = Soak.isOn ? 10_000 : 100
        private static let kills = Soak.isOn ? 150 : 20

        /// Other questions make another recipe, and other texts.
        private static let renewed = ["VIGNETTE_CAPTIONING_ANSWER_TOKENS": "16"]

        @Test func everyPictureHasItsOldOrItsNewTextAtEveryMoment() async throws {
            let sandbox = try Sandbox()
            for number in 0..<Self.pictures {
                try sandbox.write(
                    PictureFactory.png(number), to: FilePath("\(number % 50)/\(number).png"))
            }
            let folder = ProgramArgument(sandbox.pictures)
            let scan = try await sandbox.run("scan", folder, within: .seconds(7200))
            #expect(scan.status == 0, "\(scan)")
            let reader = try CatalogueReader(sandbox.catalogue)
            var texts = TextsInForce(old: try reader.textsInForce())
            #expect(texts.old.count == Self.pictures)
            let redo = try await sandbox.run("redo", settings: Self.renewed)
            #expect(redo.text.hasPrefix("\(Self.pictures) pictures"), "\(redo)")

            var random = SeededGenerator(seed: 3)
            var told: [String] = []
            for kill in 0..<Self.kills where texts.new.count < Self.pictures {
                let program =
                    kill.isMultiple(of: 2)
                    ? try sandbox.watch(settings: Self.renewed)
                    : try RunningProgram(
                        sandbox.launch(
                            sandbox.onCatalogue(["scan", folder]), settings: Self.renewed))
                // One in five is killed while it starts.
                if !kill.isMultiple(of: 5) {
                    try? await eventually("a line", within: .seconds(30), every: .milliseconds(2)) {
                        !program.isRunning || !program.output.data.isEmpty
                    }
                    try texts.check(try reader.textsInForce())
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<100, using: &random)))
                let result = try await program.stop(SIGKILL)
                told += result.lines
                try texts.check(try reader.textsInForce())
                #expect(try reader.integrity() == ["ok"])
                let renewed = texts.new.count
                #expect(told.count <= renewed, "what was told is stored")
            }
            #expect(!told.isEmpty, "the kills should hit it at work")
            print("\(texts.new.count) of \(Self.pictures) were renewed in \(Self.kills) kills")
            let last = try await sandbox.run(
                "scan", folder, settings: Self.renewed, within: .seconds(7200))
            #expect(last.status == 0, "\(last)")
            told += last.lines
            try texts.check(try reader.textsInForce())
            #expect(texts.new.count == Self.pictures)
            #expect(Set(told).count == told.count, "nothing is told twice")
            #expect(try reader.leased() == 0)
        }
    }
}

/// The text that counts of each picture: what it was, and what it has become.
private struct TextsInForce {
    /// By asset, before.
    let old: [Int64: CatalogueReader.TextInForce]
    /// By asset, of those that have another now.
    private(set) var new: [Int64: CatalogueReader.TextInForce] = [:]

    init(old: [Int64: CatalogueReader.TextInForce]) { self.old = old }

    /// Holds that each is the old one, or a new one that stays.
    mutating func check(_ now: [Int64: CatalogueReader.TextInForce]) throws {
        #expect(now.count == old.count, "every picture has a text")
        var wrong: [String] = []
        for (asset, text) in now {
            if let known = new[asset] {
                if text != known { wrong.append("a new text changed: \(known), \(text)") }
            } else if text.recipe != old[asset]?.recipe {
                new[asset] = text
            } else if text != old[asset] {
                wrong.append("an old text changed: \(text)")
            }
            if text.text.isEmpty { wrong.append("no text: \(asset)") }
        }
        #expect(wrong.isEmpty)
    }
}
