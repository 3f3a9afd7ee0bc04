package import Imaging
import ModelLoading

/// Pictures to pixel values [3, size, size], as CLIP's processor makes them.
package struct ImageProcessor: Sendable {
    private let configuration: ProcessorConfiguration
    private let padsToSquare: Bool

    /// No picture that a camera makes is longer, and nothing here grows beyond reason below it.
    private static let longestEdge = 65_535
    /// Padding makes a square of the longer edge; above this the picture is shrunk first.
    private static let longestPaddedEdge = 8192

    /// Prepares pictures as configured.
    ///
    /// - Parameters:
    ///   - configuration: The tower's processor.
    ///   - padsToSquare: Whether stills are put on a square first, as some LLaVAs have them.
    package init(_ configuration: ProcessorConfiguration, padsToSquare: Bool) {
        self.configuration = configuration
        self.padsToSquare = padsToSquare
    }

    /// Shortest edge that a picture needs, so that nothing is enlarged.
    package func minimumShortEdge(blocks: Int) -> Int {
        let edge =
            switch configuration.size {
            case .shortestEdge(let edge): edge
            case .exact(let width, let height): max(width, height)
            }
        return edge * blocks
    }

    /// A still picture: padded where the model wants it, resized, its middle cut out.
    package func pixelValues(_ image: RGBImage) throws -> [Float] {
        try square(image).planes(configuration.normalization)
    }

    /// A video frame: squashed to the square.
    package func pixelValues(frame: RGBImage) throws -> [Float] {
        try square(frame: frame).planes(configuration.normalization)
    }

    /// Whether a square of a picture is its own square, so that it can stand for the picture.
    package var keepsSquares: Bool {
        switch configuration.size {
        case .shortestEdge(let edge): edge == configuration.cropSize
        case .exact(let width, let height):
            width == configuration.cropSize && height == configuration.cropSize
        }
    }

    /// What is looked at of a still picture.
    package func square(_ image: RGBImage) throws -> RGBImage {
        try check(image)
        let picture = padsToSquare ? padded(image) : image
        let (width, height) = resizedEdges(picture)
        let edge = configuration.cropSize
        let middle = PixelRectangle(
            x: (width - edge) / 2, y: (height - edge) / 2, width: edge, height: edge)
        return picture.resized(width: width, height: height, cropping: middle)
    }

    /// Where the square lies that is looked at of a still picture of so many pixels.
    package func area(width: Int, height: Int) -> PictureArea {
        var (width, height) = (Double(max(width, 1)), Double(max(height, 1)))
        var padding = PictureArea.whole
        if padsToSquare {
            let edge = max(width, height)
            padding = PictureArea(
                x: (1 - edge / width) / 2, y: (1 - edge / height) / 2, width: edge / width,
                height: edge / height)
            (width, height) = (edge, edge)
        }
        guard case .shortestEdge(let edge) = configuration.size else {
            return padding.part(Self.middle(of: configuration.size, configuration.cropSize))
        }
        let share = Double(configuration.cropSize) / Double(edge)
        let short = min(width, height)
        return padding.part(
            PictureArea(
                x: (1 - share * short / width) / 2, y: (1 - share * short / height) / 2,
                width: share * short / width, height: share * short / height))
    }

    private static func middle(of size: ProcessorConfiguration.Size, _ crop: Int) -> PictureArea {
        guard case .exact(let width, let height) = size else { return .whole }
        let (across, down) = (Double(crop) / Double(width), Double(crop) / Double(height))
        return PictureArea(x: (1 - across) / 2, y: (1 - down) / 2, width: across, height: down)
    }

    /// What is looked at of a video frame.
    package func square(frame: RGBImage) throws -> RGBImage {
        try check(frame)
        return frame.resized(width: configuration.cropSize, height: configuration.cropSize)
    }

    /// Where the blocks of a picture of so many pixels lie, row by row.
    package static func blockAreas(width: Int, height: Int, count: Int) -> [PictureArea] {
        let across = Double(max(width / count, 1)) / Double(max(width, 1))
        let down = Double(max(height / count, 1)) / Double(max(height, 1))
        return (0..<count * count).map { index in
            PictureArea(
                x: min(Double(index % count) * across, 1 - across),
                y: min(Double(index / count) * down, 1 - down), width: across, height: down)
        }
    }

    /// Cuts a picture into `count × count` blocks, row by row; what is left over at the right and
    /// below is left out.
    package static func blocks(of image: RGBImage, count: Int) -> [RGBImage] {
        // A picture of fewer pixels than blocks gives the same pixel to several.
        let width = max(image.width / count, 1)
        let height = max(image.height / count, 1)
        return (0..<count * count).map { index in
            image.cropped(
                to: PixelRectangle(
                    x: min(index % count * width, image.width - width),
                    y: min(index / count * height, image.height - height),
                    width: width, height: height))
        }
    }

    private func check(_ image: RGBImage) throws {
        guard max(image.width, image.height) <= Self.longestEdge else {
            throw ModelError(
                nil,
                "the picture is \(image.width) × \(image.height) pixels; an edge may have at most "
                    + "\(Self.longestEdge)")
        }
    }

    /// The size of the whole resized picture, of which the middle is kept.
    private func resizedEdges(_ image: RGBImage) -> (width: Int, height: Int) {
        switch configuration.size {
        case .exact(let width, let height): return (width, height)
        case .shortestEdge(let edge):
            let short = min(image.width, image.height)
            let long = Int(Double(edge * max(image.width, image.height)) / Double(short))
            return image.width <= image.height ? (edge, long) : (long, edge)
        }
    }

    private func padded(_ image: RGBImage) -> RGBImage {
        let long = max(image.width, image.height)
        guard long > Self.longestPaddedEdge, image.width != image.height else {
            return image.paddedToSquare(with: meanColour)
        }
        let shrunk = image.resized(
            width: max(image.width * Self.longestPaddedEdge / long, 1),
            height: max(image.height * Self.longestPaddedEdge / long, 1))
        return shrunk.paddedToSquare(with: meanColour)
    }

    private var meanColour: RGBColour {
        let channels = configuration.normalization.mean.map { UInt8(min(max($0 * 255, 0), 255)) }
        return RGBColour(red: channels[0], green: channels[1], blue: channels[2])
    }
}
