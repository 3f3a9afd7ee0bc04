import Foundation
import SystemPackage
import TestSupport
import Testing

/// A copy of the bundled model into which somebody has put a file that means harm.
struct HostileModel: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The harmful file within the model's folder.
    let file: String
    /// Words of the answer, beside the file's name.
    let answer: String
    /// Whether it takes long to make and to read, and is only refused for what it lacks.
    let isLarge: Bool
    private let contents: @Sendable (FilePath) throws -> [UInt8]
    /// How long the file is, where it is longer than its contents: the rest is a hole.
    private var length: Int64 = 0

    private init(
        _ description: String, _ file: String, answer: String, length: Int64 = 0,
        isLarge: Bool = false,
        _ contents: @escaping @Sendable (FilePath) throws -> [UInt8]
    ) {
        testDescription = description
        self.file = file
        self.answer = answer
        self.length = length
        self.isLarge = isLarge
        self.contents = contents
    }

    /// Makes the model's folder; harm that is done would show at `mark`.
    func make(in sandbox: Sandbox, mark: FilePath) throws -> FilePath {
        let folder = try DamagedModel(in: sandbox).folder
        let path = folder.appending(file)
        // Nothing else that holds weights may stand beside it.
        let parent = path.removingLastComponent()
        let names = try FileManager.default.contentsOfDirectory(atPath: parent.string)
        for name in names where name.hasSuffix(".safetensors") {
            try FileManager.default.removeItem(atPath: parent.appending(name).string)
        }
        let descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite)
        try descriptor.closeAfter {
            try descriptor.writeAll(try contents(mark))
            if length > 0 { try descriptor.resize(to: length) }
        }
        return folder
    }

    static let all = [
        HostileModel(
            "a header of a gigabyte", "model.safetensors", answer: "a header of 1073741824 bytes",
            length: 1 << 30 + 8
        ) { _ in ZipImage.little(1 << 30, 8) },
        HostileModel(
            "a terabyte behind an empty header", "model.safetensors",
            answer: "bytes at the end belong to no tensor", length: 1 << 40
        ) { _ in safetensors("{}") },
        HostileModel("an offset of 2^63", "model.safetensors", answer: "too large") { _ in
            safetensors(
                #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}"#)
        },
        HostileModel("tensors that overlap", "model.safetensors", answer: "overlap") { _ in
            safetensors(
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
                    + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
                data: 12)
        },
        HostileModel(
            "a quarter of a million tensors", "model.safetensors", answer: "and 249500 more",
            isLarge: true
        ) { _ in
            let entry = #"":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#
            let entries = (0..<250_000).map { "\"t\($0)\(entry)" }
            return safetensors("{\(entries.joined(separator: ","))}")
        },
        HostileModel(
            "an index of a gigabyte", "model.safetensors.index.json", answer: "are no index",
            length: 1 << 30
        ) { _ in Array(#"{"weight_map":{"#.utf8) },
        HostileModel(
            "a pickle that calls os.system", tower, answer: "asks for 'os.system'"
        ) { mark in
            let pickle = PickleImage.dictionary {
                $0.text("vision_model.embeddings.class_embedding")
                $0.global("os", "system")
                $0.raw("(")
                $0.text("touch \(mark)")
                $0.raw("tR")
            }
            return torchArchive(pickle).bytes
        },
        HostileModel("a pickle of two million values", tower, answer: "before it is complete") {
            _ in
            var pickle: [UInt8] = [0x80, 2]
            for _ in 0..<20 {
                pickle.append(UInt8(ascii: "("))
                pickle += Array(repeating: UInt8(ascii: "}"), count: 100_000)
                pickle.append(UInt8(ascii: "t"))
            }
            pickle.append(UInt8(ascii: "."))
            return torchArchive(pickle).bytes
        },
        HostileModel("a zip bomb", tower, answer: "is compressed") { _ in
            var image = torchArchive([0x80, 2, 0x7D, 0x2E], data: ["0": [1, 2, 3]])
            image.entries[1].method = 8
            image.entries[1].isWide = true
            image.entries[1].size = 1 << 40
            image.entries[1].packedSize = 3
            return image.bytes
        },
    ]

    private static let tower = "vision_tower/pytorch_model.bin"

    private static func safetensors(_ header: String, data: Int = 0) -> [UInt8] {
        ZipImage.little(UInt64(header.utf8.count), 8) + Array(header.utf8)
            + Array(repeating: 7, count: data)
    }
}
