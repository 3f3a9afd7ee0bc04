import Checkpoint
import LLaVAMini
import SystemPackage
import Tensor

/// Everything that sets a checkpoint's tensors apart from what its configuration asks for.
struct TensorMismatch {
    private var missing: [String] = []
    private var misshapen: [String] = []
    private var unexpected: [String] = []

    /// So many names a list are shown; a folder with another model in it has thousands.
    private static let shownNames = 500
    private static let shownLetters = 200

    /// Finds a tensor, or notes why it cannot be had.
    mutating func look(
        for tensor: RequiredTensor, as name: String, in folder: CheckpointFolder
    ) -> Weights? {
        let shown = "\(name) \(tensor.shape)"
        guard let weights = folder[name], weights.elementType != .uint8 else {
            let type = folder[name] == nil ? folder.unusable[name] : "U8"
            missing.append(shown + (type.map { ", which is there as \($0)" } ?? ""))
            return nil
        }
        guard weights.shape == tensor.shape else {
            misshapen.append("\(shown), which is there as \(weights.shape)")
            return nil
        }
        return weights
    }

    /// Notes the tensors that nothing needs, now or ever.
    mutating func lookForUnexpected(
        in folder: CheckpointFolder, _ configuration: ModelConfiguration, _ required: Set<String>
    ) {
        let names = folder.names.union(folder.unusable.keys)
        unexpected += names.filter { !required.contains($0) && !configuration.isSuperfluous($0) }
            .sorted()
    }

    /// Lists everything that was noted.
    ///
    /// - Throws: `ConversionError` where anything was.
    func check(_ folder: FilePath) throws(ConversionError) {
        let lists = [
            ("missing", missing), ("of another shape", misshapen), ("unexpected", unexpected),
        ].filter { !$0.1.isEmpty }
        guard !lists.isEmpty else { return }
        let hint =
            missing.isEmpty && misshapen.isEmpty
            ? " With --ignore-unexpected they are left out." : ""
        throw ConversionError(
            folder,
            "has other tensors than its configuration asks for\n"
                + lists.map(Self.text).joined(separator: "\n"),
            advice: "Check that weights and config.json are of one LLaVA-Mini checkpoint." + hint)
    }

    private static func text(_ title: String, _ names: [String]) -> String {
        let rest = names.count - shownNames
        let lines = names.prefix(shownNames).map { "  \(printable($0))" }
        return (["\(title), \(names.count):"] + lines + (rest > 0 ? ["  and \(rest) more"] : []))
            .joined(separator: "\n")
    }

    /// A name as a file has it may be long and steer a terminal.
    private static func printable(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.prefix(shownLetters).map {
                    $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
                }))
    }
}
