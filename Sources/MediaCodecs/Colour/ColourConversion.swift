import CColour
import Imaging

/// From a picture's stored numbers to sRGB.
///
/// A description that is broken, or of other channels than the picture's, leads to no conversion: the
/// picture is then shown as if it were sRGB.
final class ColourConversion: Sendable {
    private enum Method {
        case shaper(ColourShaper)
        /// As before, with a tone curve for each picture, and what white paper is.
        case highDynamicRange(ColourShaper, paper: UInt16)
        case tables(LittleCMSTransform)
    }

    /// What the channels are that it takes.
    let model: ColourModel
    private let method: Method

    private init(_ model: ColourModel, _ method: Method) {
        self.model = model
        self.method = method
    }

    /// The conversion that a description asks for; `nil` if the picture can be shown as it is.
    static func of(_ description: ColourDescription?, _ model: ColourModel) -> ColourConversion? {
        description.flatMap { ConversionCache.shared.conversion($0, model) }
    }

    /// Makes a conversion; what changes next to nothing is left out.
    static func make(
        _ description: ColourDescription, _ model: ColourModel
    ) -> ColourConversion? {
        switch description {
        case .profile(let bytes):
            guard let profile = ICCProfile(bytes) else { return nil }
            if let coded = profile.coded, coded.curve.isHighDynamicRange, model == .rgb {
                return make(.coded(coded), model)
            }
            return make(profile, model)
        case .coded(let colour):
            guard model != .cmyk, !colour.isLikeSRGB else { return nil }
            let shaper = ColourShaper(colour)
            let paper = colour.curve.paper
            return ColourConversion(
                model,
                paper < .max ? .highDynamicRange(shaper, paper: paper) : .shaper(shaper))
        case .calibrated(let chromaticities, let exponent):
            let shaper = ColourShaper(chromaticities, exponent: exponent)
            return model == .cmyk ? nil : shaper.flatMap { make($0, model) }
        }
    }

    private static func make(_ profile: ICCProfile, _ model: ColourModel) -> ColourConversion? {
        // A grey picture may have a profile of red, green and blue, of which it is the grey.
        let isGreyOfColour = model == .grey && profile.model == .rgb
        guard profile.model == model || isGreyOfColour,
            let opened = LittleCMSProfile(profile), !opened.isDegenerate
        else { return nil }
        if model != .cmyk, let shaper = opened.shaper(profile.model) { return make(shaper, model) }
        guard let transform = opened.transform(profile.model) else { return nil }
        return ColourConversion(profile.model, .tables(transform))
    }

    private static func make(_ shaper: ColourShaper, _ model: ColourModel) -> ColourConversion? {
        shaper.changesNothing ? nil : ColourConversion(model, .shaper(shaper))
    }

    /// The number that stands for white paper in the picture's channels, which is not the highest where
    /// light goes beyond it.
    var paper: UInt16 {
        if case .highDynamicRange(_, let paper) = method { return paper }
        return .max
    }

    /// Converts a picture of 8 bits, a grey one with its channels alike.
    ///
    /// Scaling down before is the same to within rounding, and cheaper.
    func convert(_ image: RGBImage) -> RGBImage {
        if case .shaper(let shaper) = method {
            let pixels = shaper.convert(image.pixels)
            return RGBImage(width: image.width, height: image.height, pixels: pixels)
        }
        let deep = DeepPicture(image)
        return convert(model == .grey ? deep.firstChannel : deep)
    }

    /// Converts a picture of 16 bits; its channels may be those of `model`, or grey.
    func convert(_ picture: DeepPicture) -> RGBImage {
        switch method {
        case .shaper(let shaper): return picture.shaped(by: shaper)
        case .highDynamicRange(var shaper, _):
            shaper.tone = ToneCurve(peak: picture.peak(shaper))
            return picture.shaped(by: shaper)
        case .tables(let transform):
            guard picture.model == model || picture.model == .grey && model == .rgb else {
                return picture.asSRGB()
            }
            return (picture.model == model ? picture : picture.asColour).rows { samples, target in
                transform.convert(samples, to: target, count: picture.width)
            }
        }
    }
}

extension DeepPicture {
    /// A grey picture with three channels that are alike; any other as it is.
    var asColour: DeepPicture {
        guard model == .grey else { return self }
        return DeepPicture(width: width, height: height, model: .rgb) { y, target in
            row(y, target)
            for x in (0..<width).reversed() {
                for channel in 0..<3 { target[x * 3 + channel] = target[x] }
            }
        }
    }

    /// A picture with three channels that are alike, as grey.
    fileprivate var firstChannel: DeepPicture {
        DeepPicture(width: width, height: height, model: .grey) { y, target in
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width * 3) { buffer in
                guard let samples = buffer.baseAddress else { return }
                row(y, samples)
                for x in 0..<width { target[x] = samples[x * 3] }
            }
        }
    }

    /// Makes 8-bit rows of the rows.
    fileprivate func rows(
        _ convert: (UnsafePointer<UInt16>, UnsafeMutablePointer<UInt8>) -> Void
    ) -> RGBImage {
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width * model.channels) { buffer in
            RGBImage(width: width, height: height) { y, target in
                guard let samples = buffer.baseAddress else { return }
                row(y, samples)
                convert(samples, target)
            }
        }
    }

    fileprivate func shaped(by shaper: ColourShaper) -> RGBImage {
        guard model != .cmyk else { return asSRGB() }
        var image: RGBImage?
        shaper.withShaper { shaper in
            image = asColour.rows { samples, target in
                vignette_shape_16(shaper, samples, target, width)
            }
        }
        return image ?? asSRGB()
    }

    /// The light that all but a thousandth of the pixels stay below; 1 is paper white.
    ///
    /// Of a large picture some rows are looked at, evenly spread.
    fileprivate func peak(_ shaper: ColourShaper) -> Double {
        let bins = 4096
        let maximum = 10_000 / TransferCurve.paperWhite
        var histogram = [UInt32](repeating: 0, count: bins)
        let picture = asColour
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width * 3) { buffer in
            guard let samples = buffer.baseAddress else { return }
            shaper.withShaper { shaper in
                for y in stride(from: 0, to: height, by: max(height / 256, 1)) {
                    picture.row(y, samples)
                    vignette_count_light(
                        shaper, samples, width, Float(maximum), &histogram, bins)
                }
            }
        }
        let total = histogram.reduce(0) { $0 + Int($1) }
        var left = total / 1000
        for bin in (0..<bins).reversed() {
            left -= Int(histogram[bin])
            if left < 0 { return maximum * Double(bin + 1) / Double(bins) }
        }
        return 0
    }
}
