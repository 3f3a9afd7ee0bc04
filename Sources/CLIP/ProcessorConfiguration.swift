public import Imaging
package import ModelLoading

/// How pictures become pixels, from the vision tower's `preprocessor_config.json`.
public struct ProcessorConfiguration: Equatable, Sendable {
    /// What a picture is resized to before its middle is cut out.
    public enum Size: Equatable, Sendable {
        /// The shorter edge gets this length, the other keeps the shape.
        case shortestEdge(Int)
        /// Both edges get a length.
        case exact(width: Int, height: Int)
    }

    /// `size`.
    public let size: Size
    /// `crop_size`: edge of the square that is cut out.
    public let cropSize: Int
    /// `rescale_factor`, `image_mean` and `image_std`.
    public let normalization: PixelNormalization

    /// OpenAI's constants, which CLIP's processor takes where a file gives none.
    private static let defaultMean = [0.48145466, 0.4578275, 0.40821073]
    private static let defaultDeviation = [0.26862954, 0.26130258, 0.27577711]

    /// Reads the file's keys.
    ///
    /// - Throws: `ModelError` naming file and key.
    package init(_ file: ConfigurationFile, imageSize: Int) throws(ModelError) {
        for step in ["do_resize", "do_center_crop", "do_rescale", "do_normalize"] {
            guard try file.flag(step, default: true) else {
                throw file.wrong(step, "is false; pictures are always prepared in full")
            }
        }
        guard try file.integer("resample", in: 0...5, default: 3) == 3 else {
            throw file.wrong("resample", "is not 3; pictures are resized with the bicubic filter")
        }
        cropSize = try Self.cropSize(file, imageSize: imageSize)
        size = try Self.size(file, imageSize: imageSize)
        let shorter =
            switch size {
            case .shortestEdge(let edge): edge
            case .exact(let width, let height): min(width, height)
            }
        guard shorter >= cropSize else {
            throw file.wrong("size", "is \(shorter), less than 'crop_size' \(cropSize)")
        }
        normalization = PixelNormalization(
            scale: Float(try file.number("rescale_factor", in: 1e-6...1e3, default: 1.0 / 255)),
            mean: try file.numbers(
                "image_mean", count: 3, in: -1000...1000, default: Self.defaultMean
            ).map { Float($0) },
            deviation: try file.numbers(
                "image_std", count: 3, in: 1e-6...1e6, default: Self.defaultDeviation
            ).map { Float($0) })
    }

    private static func cropSize(
        _ file: ConfigurationFile, imageSize: Int
    ) throws(ModelError) -> Int {
        let range = 1...4096
        let edges: [Int]
        if file.holdsObject("crop_size"), let crop = try file.object("crop_size") {
            edges = [try crop.integer("height", in: range), try crop.integer("width", in: range)]
        } else {
            edges = [try file.integer("crop_size", in: range, default: imageSize)]
        }
        guard edges.allSatisfy({ $0 == imageSize }) else {
            throw file.wrong(
                "crop_size", "is \(edges), but the vision tower's 'image_size' is \(imageSize)")
        }
        return imageSize
    }

    private static func size(
        _ file: ConfigurationFile, imageSize: Int
    ) throws(ModelError) -> Size {
        let range = 1...16_384
        guard file.holdsObject("size"), let size = try file.object("size") else {
            return .shortestEdge(try file.integer("size", in: range, default: imageSize))
        }
        guard size["shortest_edge"] == nil else {
            return .shortestEdge(try size.integer("shortest_edge", in: range))
        }
        return .exact(
            width: try size.integer("width", in: range),
            height: try size.integer("height", in: range))
    }
}
