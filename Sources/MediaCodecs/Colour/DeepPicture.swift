import CColour
import Imaging

/// A picture of 16 bits a channel whose rows are made when they are wanted, so that it need not be in
/// memory beside what it becomes.
struct DeepPicture {
    /// Width in pixels.
    let width: Int
    /// Height in pixels.
    let height: Int
    /// What the channels are.
    let model: ColourModel
    /// Fills a row, by its number, with `width` × `model.channels` numbers, opaque.
    let row: (Int, UnsafeMutablePointer<UInt16>) -> Void

    /// The picture as if it were sRGB, the inks of CMYK as if each took its share of white.
    func asSRGB() -> RGBImage {
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width * model.channels) { buffer in
            RGBImage(width: width, height: height) { y, target in
                guard let samples = buffer.baseAddress else { return }
                row(y, samples)
                vignette_narrow(samples, UInt32(model.channels), target, width)
            }
        }
    }
}

extension DeepPicture {
    /// A picture of 8 bits.
    init(_ image: RGBImage) {
        self.init(width: image.width, height: image.height, model: .rgb) { y, target in
            image.pixels.withUnsafeBufferPointer { pixels in
                guard let source = pixels.baseAddress.map({ $0 + y * image.width * 3 }) else {
                    return
                }
                for index in 0..<image.width * 3 { target[index] = UInt16(source[index]) * 257 }
            }
        }
    }
}
