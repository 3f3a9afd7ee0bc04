import CLIP
import Foundation
import LLaVAMini
import SystemPackage
import TestSupport

/// A copy of the bundled model in which something is wrong.
struct DamagedModel {
    let folder: FilePath

    /// Copies the model.
    init(in sandbox: Sandbox) throws {
        folder = sandbox.path.appending("damaged")
        try FileManager.default.copyItem(
            atPath: BuildProducts.checkout.appending("Models/demo").string,
            toPath: folder.string)
    }

    /// The safetensors files, those of the vision tower among them.
    var weightFiles: [FilePath] { Self.weightFiles(of: folder) }

    /// The safetensors files of a model's folder.
    static func weightFiles(of folder: FilePath) -> [FilePath] {
        FileTree.walk(folder).map(\.path).filter { $0.extension == "safetensors" }
            .sorted { $0.string < $1.string }
    }

    /// Tensors with their shapes in one file, from its JSON header.
    func shapes(in file: FilePath) throws -> [String: [Int]] {
        let object = try JSONSerialization.jsonObject(with: try header(of: file))
        let entries = object as? [String: Any] ?? [:]
        return entries.compactMapValues { ($0 as? [String: Any])?["shape"] as? [Int] }
    }

    /// Tensors that the model computes with, as files and names: the tower's last layers are in the
    /// released layout too, but nothing runs them.
    func usedTensors(where isWanted: ([Int]) -> Bool) throws -> [(file: Int, tensor: String)] {
        let vision = try ModelConfiguration(folder: folder).vision
        let unused =
            (vision.usedLayers..<vision.layers).map { "encoder.layers.\($0)." }
            + ["post_layernorm", "position_ids"]
        return try weightFiles.indices.flatMap { file in
            try shapes(in: weightFiles[file])
                .filter { tensor, shape in
                    isWanted(shape) && !unused.contains { tensor.contains($0) }
                }
                .keys.sorted().map { (file, $0) }
        }
    }

    /// Gives a tensor another name of the same length, which is to say: takes it away.
    func rename(_ tensor: String, in file: FilePath) throws {
        try editHeader(of: file) {
            $0.replacing("\"\(tensor)\"", with: "\"\(tensor.dropLast())~\"")
        }
    }

    /// Turns a matrix on its side: as many numbers, another shape.
    func transpose(_ tensor: String, in file: FilePath) throws {
        try editHeader(of: file) { header in
            guard let name = header.range(of: "\"\(tensor)\""),
                let shape = header[name.upperBound...].firstRange(of: #/"shape"\s*:\s*\[[^\]]*\]/#)
            else { return header }
            let numbers = header[shape].split { !$0.isNumber }.map(String.init)
            let separator = header[shape].contains(", ") ? ", " : ","
            let turned = numbers.reversed().joined(separator: separator)
            let plain = numbers.joined(separator: separator)
            return header.replacingCharacters(
                in: shape, with: header[shape].replacing(plain, with: turned))
        }
    }

    /// Replaces a file of the model.
    func write(_ data: Data, to name: String) throws {
        try data.write(toExactly: folder.appending(name))
    }

    private func header(of file: FilePath) throws -> Data {
        let data = try Data(exactly: file)
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return data.subdata(in: 8..<8 + length)
    }

    private func editHeader(of file: FilePath, _ edit: (String) -> String) throws {
        let old = try header(of: file)
        let new = Data(edit(String(decoding: old, as: UTF8.self)).utf8)
        // The offsets of all tensors hold only if the length does.
        guard new.count == old.count, new != old else { throw CocoaError(.coderInvalidValue) }
        var data = try Data(exactly: file)
        data.replaceSubrange(8..<8 + old.count, with: new)
        try data.write(toExactly: file)
    }
}
