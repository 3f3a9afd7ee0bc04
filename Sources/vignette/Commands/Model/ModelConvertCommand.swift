import ArgumentParser
import Captioning
import Daemon
import Foundation
import LLaVAMini
import ModelConversion
import ModelHub
import SystemPackage

/// Makes a model smaller: 8 or 4 bits a weight instead of 16.
struct ModelConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Pack a model's weights in 4 or 8 bits.",
        discussion: """
            The original stays as it is. Every tensor is checked against the model's configuration \
            first, and the result is read back before it appears in its place.

            EXAMPLES
              vignette model convert llava-mini-llama-3.1-8b
              vignette model convert ~/models/llava-mini --bits 8 --to ~/models/llava-mini-q8
            """)

    @Argument(help: "A model folder, or the name of one in the models folder.")
    var source: PathArgument

    @Option(help: "Bits of each weight of the language model: 4 or 8.")
    var bits = 4

    @Option(help: "The folder to make (default: beside the source, with -q4 or -q8 added).")
    var to: PathArgument?

    @Flag(help: "Leave out tensors that nothing needs instead of refusing them.")
    var ignoreUnexpected = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard WeightBits(rawValue: bits) != nil else {
            throw ValidationError("--bits is 4 or 8, not \(bits)")
        }
    }

    func run() throws {
        guard let bits = WeightBits(rawValue: bits) else { throw ExitCode.validationFailure }
        let source = try ModelLocator(models: common.paths.models).find(source.path.string)
            .lexicallyNormalized()
        var conversion = ModelConversion(
            from: source, to: to?.path ?? Self.destination(source, bits), bits: bits)
        conversion.ignoresUnexpected = ignoreUnexpected
        var progress = ConversionProgress()
        defer { progress.clear() }
        let summary = try conversion.run { progress.update($0) }
        progress.clear()
        // What 'model verify' holds the packed files against.
        let origins = try SourceManifest(in: source)?.sources ?? []
        try SourceManifest(recording: conversion.target, sources: origins)
            .write(into: conversion.target)
        try report(summary, of: conversion)
    }

    private static func destination(_ source: FilePath, _ bits: WeightBits) -> FilePath {
        // `.` and `..` have a name of their own only when they are absolute.
        let place = StandardPaths().absolute(source).lexicallyNormalized()
        let name = place.lastComponent?.string ?? "model"
        return place.removingLastComponent().appending("\(name)-q\(bits.rawValue)")
    }

    private func report(_ summary: ConversionSummary, of conversion: ModelConversion) throws {
        let line = ConversionLine(
            path: PathText(conversion.target), bits: conversion.bits.rawValue,
            bytesBefore: summary.bytesBefore, bytesAfter: summary.bytesAfter,
            packedTensors: summary.packedTensors, seconds: summary.duration / .seconds(1),
            largestError: summary.largestError, relativeError: summary.relativeError)
        if common.json { return try JSONLine.write(line) }
        let sizes = [line.bytesBefore, line.bytesAfter].map { ByteText.size(Int64($0)) }
        let errors = [line.relativeError, line.largestError].map {
            String(format: "%.1f %%", $0 * 100)
        }
        StandardOutput.write(
            """
            \(Style.bold(line.path.display))
            \(sizes[0]) became \(sizes[1]) in \(ProgressBar.time(line.seconds)), and were read back
            \(line.packedTensors) packed matrices; weights are off by \(errors[0]) of their size \
            (root mean square), one by \(errors[1]) of the largest in its block

            """)
    }
}

/// The summary that a program reads.
private struct ConversionLine: Encodable {
    let path: PathText
    let bits: Int
    let bytesBefore: Int
    let bytesAfter: Int
    let packedTensors: Int
    let seconds: Double
    let largestError: Double
    let relativeError: Double
}
