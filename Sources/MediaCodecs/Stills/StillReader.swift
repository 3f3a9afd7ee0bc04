import Imaging
import MediaDecoding
import MediaFormats

/// From a file to the upright pixels of a still, in the size that was asked for.
struct StillReader {
    let limits: DecoderLimits

    /// Decodes the picture; of an animation the first frame.
    func read(
        _ file: InputFile, _ format: MediaFormat, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let header = try StillFile.read(file, format, limits: limits)
        let stored = try FileFormats.still(format)
            .decode(file, header, limits, minimumShortEdge: minimumShortEdge)
        return header.orientation.apply(to: try stored.shrunk(minimumShortEdge: minimumShortEdge))
    }
}

extension RGBImage {
    /// A picture much larger than wanted is scaled down, so that little data crosses.
    func shrunk(minimumShortEdge: Int?) throws(CodecError) -> RGBImage {
        let (width, height) = TargetSize.of(
            width: self.width, height: self.height, minimumShortEdge: minimumShortEdge)
        guard width < self.width || height < self.height else { return self }
        return try Scaler().shrink(self, width: width, height: height)
    }
}

/// How large a picture leaves the child.
enum TargetSize {
    /// The same size up to twice the wanted shorter edge, scaled down to that above it.
    static func of(
        width: Int, height: Int, minimumShortEdge: Int?
    ) -> (width: Int, height: Int) {
        let shorter = min(width, height)
        guard let minimumShortEdge, shorter > minimumShortEdge * 2 else { return (width, height) }
        let wanted = minimumShortEdge * 2
        let scale = { (edge: Int) in max((edge * wanted + shorter / 2) / shorter, wanted) }
        return (scale(width), scale(height))
    }
}

/// The screen on which an animation's frames lie.
enum Canvas {
    /// Lays a picture on white paper of another size; what lies beyond it is cut off.
    static func place(_ image: RGBImage, x: Int, y: Int, width: Int, height: Int) -> RGBImage {
        guard x != 0 || y != 0 || image.width != width || image.height != height else {
            return image
        }
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        let columns = min(image.width, max(width - x, 0)) * 3
        for row in 0..<min(image.height, max(height - y, 0)) where columns > 0 {
            let from = row * image.width * 3
            let to = ((row + y) * width + x) * 3
            pixels.replaceSubrange(to..<to + columns, with: image.pixels[from..<from + columns])
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
