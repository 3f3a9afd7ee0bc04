import Foundation
import Likeness
import MediaDecoding
import SystemPackage

/// A picture of the benchmark, and what its name says of it.
struct JudgedPicture {
    let name: String
    /// Pictures of one number belong together.
    let number: Int
    /// `same`, `burst`, or what else it is.
    let kind: String
    /// What was done to it, without details.
    let variant: String
    let signature: PictureSignature

    static func all(in folder: FilePath) throws -> [JudgedPicture] {
        let program = FilePath(CommandLine.arguments[0]).removingLastComponent()
            .appending("vignette-decoder")
        let decoder = Decoder(executable: program)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
        var time = Duration.zero
        var pictures: [JudgedPicture] = []
        for name in names {
            let parts = name.split(separator: "-", maxSplits: 2).map(String.init)
            guard parts.count == 3, let number = Int(parts[0]) else { continue }
            let image = try decoder.still(folder.appending(name), minimumShortEdge: 336)
            let start = ContinuousClock.now
            let signature = PictureSignature(image)
            time += .now - start
            let variant = parts[2].prefix { $0 != "." }
            pictures.append(
                JudgedPicture(
                    name: name, number: number, kind: parts[1], variant: String(variant),
                    signature: signature))
        }
        print("\(pictures.count) pictures, \(time / max(1, pictures.count)) for a signature")
        return pictures
    }
}
