import Foundation
import Glibc
import MediaFormats
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Damaged files by the thousand: the decoder may die of them, the daemon never.
    @Suite struct MutatedMediaTests {
        static let files = Soak.isOn ? 20_000 : 2000
        /// Kibibytes of address space that a child may have (`DecoderLimits.memoryBytes`).
        static let childKiB = 4 << 20

        @Test func everyMutatedFileEndsInOneFinalState() async throws {
            let sandbox = try Sandbox(["VIGNETTE_MEDIA_TIME": "20"])
            var mutator = MediaMutator(seed: 2000)
            let originals = Self.originals()
            #expect(originals.count >= 60)
            for number in 0..<Self.files {
                let original = originals[number % originals.count]
                let name = FilePath("\(number % 20)/\(number).\(original.suffix)")
                try sandbox.write(mutator.mutate(original.data), to: name)
            }
            let daemon = try sandbox.watch()
            var largest = 0
            let bound = Duration.seconds(400 * (Soak.isOn ? 20 : 1))
            try? await eventually("rest", within: bound, every: .seconds(1)) {
                largest = max(largest, Self.largestChildKiB(of: daemon))
                guard let status = try? await sandbox.status() else { return false }
                return status.isAtRest && status.files == Self.files || !daemon.isRunning
            }
            #expect(daemon.isRunning, "\(daemon.errors.text.suffix(2000))")
            #expect(largest > 0 && largest <= Self.childKiB)
            let reader = try CatalogueReader(sandbox.catalogue)
            let files = try reader.files()
            #expect(files.count == Self.files)
            for file in files {
                let isDescribed = file.state == "done" && file.isDescribed
                let isRefused = file.state == "failed" && file.error?.isEmpty == false
                #expect(isDescribed || isRefused, "\(file)")
            }
            #expect(try reader.integrity() == ["ok"])

            // It is as well as before.
            try sandbox.write(PictureFactory.png(-1), to: "sound.png")
            try await eventually("a sound picture is described") {
                daemon.output.lines.contains { $0.hasPrefix("sound.png") }
            }
            let result = try await daemon.stop()
            #expect(result.status == 0, "\(result)")
            // One line for each failure that is final, and its control characters out.
            let failures = files.filter { $0.state == "failed" }.count
            let lines = result.complaints.filter { !$0.hasSuffix("it will be tried again") }
            #expect(lines.count == failures)
        }

        /// The most address space that any living child of the daemon ever had.
        private static func largestChildKiB(of daemon: RunningProgram) -> Int {
            ProcessFacts(processID: daemon.processID).children
                .compactMap { try? ProcessFacts(processID: $0).peakAddressKiB }.max() ?? 0
        }

        /// Small valid files of every format that there are fixtures for, and what people reported.
        private static func originals() -> [(suffix: String, data: Data)] {
            let fixtures = BuildProducts.checkout.appending("Tests/Fixtures")
            let media = MediaFormat.stillExtensions.union(MediaFormat.clipExtensions)
            let files = ["media", "reports"].flatMap { FileTree.walk(fixtures.appending($0)) }
                .map(\.path).filter { media.contains($0.extension ?? "") }
                .sorted { $0.string < $1.string }
                .compactMap { path -> (suffix: String, data: Data)? in
                    guard let data = try? Data(exactly: path), data.count <= 100_000 else {
                        return nil
                    }
                    return (path.extension ?? "", data)
                }
            return files + [
                ("png", PictureFactory.png(1)), ("bmp", PictureFactory.bitmap(2)),
            ]
        }
    }
}

/// Damages files the way disks, transfers and attackers do.
private struct MediaMutator {
    private var random: SeededGenerator
    /// Numbers that are special to some reader of lengths or sizes.
    private static let special: [[UInt8]] = [
        [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
        [0, 0, 0, 1], [0xFF, 0xD8], [0xFF, 0xDA], [0, 1, 0, 0],
    ]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func mutate(_ original: Data) -> Data {
        var data = original
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            guard data.count > 8 else { break }
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2: data[offset(data)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 3: data[offset(data)] = UInt8.random(in: .min ... .max, using: &random)
            case 4: overwrite(&data)
            case 5: data = data.prefix(Int.random(in: 0...data.count, using: &random))
            case 6: splice(&data)
            default: data.insert(contentsOf: data.prefix(16), at: offset(data))
            }
            data = Data(data)
        }
        return data
    }

    /// Often in the headers, where it hurts most.
    private mutating func offset(_ data: Data) -> Int {
        let end = Bool.random(using: &random) ? min(data.count, 256) : data.count
        return Int.random(in: 0..<end, using: &random)
    }

    private mutating func overwrite(_ data: inout Data) {
        let bytes = Self.special.randomElement(using: &random) ?? []
        let start = offset(data)
        for (index, byte) in bytes.enumerated() where start + index < data.count {
            data[start + index] = byte
        }
    }

    /// A piece of the file once more, somewhere else.
    private mutating func splice(_ data: inout Data) {
        let (from, to) = (offset(data), offset(data))
        let length = Int.random(in: 1...64, using: &random)
        let piece = data[from..<min(from + length, data.count)]
        data.replaceSubrange(to..<min(to + piece.count, data.count), with: Array(piece))
    }
}
