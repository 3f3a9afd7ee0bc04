import CLCMS
import Imaging

/// An ICC profile, opened by Little CMS.
final class LittleCMSProfile {
    private let handle: cmsHPROFILE
    // Little CMS reads tags from a copy of its own.

    /// `nil` for what the library does not take for a profile.
    init?(_ profile: ICCProfile) {
        let handle = profile.bytes.withUnsafeBytes { bytes in
            cmsOpenProfileFromMem(bytes.baseAddress, UInt32(bytes.count))
        }
        guard let handle else { return nil }
        self.handle = handle
    }

    deinit {
        cmsCloseProfile(handle)
    }

    /// The curves and the matrix of a profile that consists of these; `nil` for tables.
    func shaper(_ model: ColourModel) -> ColourShaper? {
        // Where there are tables too, they are what the profile's maker wants to be used.
        guard cmsIsTag(handle, cmsSigAToB0Tag) == 0 else { return nil }
        return model == .grey ? greyShaper() : colourShaper()
    }

    /// Whether its red, green and blue are no three colours: most colours would have no numbers, so
    /// that no picture was ever meant by it.
    var isDegenerate: Bool {
        guard cmsIsMatrixShaper(handle) != 0, cmsIsTag(handle, cmsSigAToB0Tag) == 0,
            let colorants
        else { return false }
        // Those of sRGB span 0.1 of the white's light.
        return abs(colorants.determinant) < 0.001
    }

    private var colorants: Matrix3? {
        let columns = [cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag]
            .compactMap(light)
        guard columns.count == 3 else { return nil }
        return Matrix3(rows: (0..<3).map { row in columns.map { $0[row] } })
    }

    private func colourShaper() -> ColourShaper? {
        guard cmsIsMatrixShaper(handle) != 0,
            let curves = curves([cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag]),
            let colorants
        else { return nil }
        return ColourShaper(curves: curves, matrix: Self.fromConnectionSpace.times(colorants))
    }

    /// A grey curve; `nil` where it gives L* rather than light.
    private func greyShaper() -> ColourShaper? {
        guard cmsGetPCS(handle) == cmsSigXYZData, let curves = curves([cmsSigGrayTRCTag]) else {
            return nil
        }
        return ColourShaper(curves: [curves[0], curves[0], curves[0]], matrix: .identity)
    }

    /// The curves of some tags; those that are alike share their memory.
    private func curves(_ tags: [cmsTagSignature]) -> [[Float]]? {
        var curves: [[Float]] = []
        for tag in tags {
            guard let found = cmsReadTag(handle, tag) else { return nil }
            let curve = OpaquePointer(found)
            let light = { (number: Int) in Float(cmsEvalToneCurve16(curve, UInt16(number))) / 65_535
            }
            let isLikeLast = stride(from: 0, through: 65_535, by: 255).allSatisfy { number in
                curves.last.map { $0[number] == light(number) } ?? false
            }
            curves.append(isLikeLast ? curves[curves.count - 1] : (0..<65_536).map(light))
        }
        return curves
    }

    private func light(_ tag: cmsTagSignature) -> [Double]? {
        guard let light = cmsReadTag(handle, tag)?.assumingMemoryBound(to: cmsCIEXYZ.self) else {
            return nil
        }
        let parts = [light.pointee.X, light.pointee.Y, light.pointee.Z]
        return parts.allSatisfy(\.isFinite) ? parts : nil
    }

    /// From X, Y and Z against D50, in which profiles connect, to sRGB's light.
    ///
    /// The inverse of the colorants of ICC's own sRGB profile.
    private static let fromConnectionSpace = Matrix3(rows: [
        [3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ])

    /// The transform through the profile's tables; `nil` where it has none that work.
    ///
    /// The intent is the perceptual one, which the makers of profiles mean for photographs and most
    /// readers take, with black-point compensation: the darkest ink of paper becomes a screen's black,
    /// as in Photoshop, rather than the dark grey that it is beside white paper.
    func transform(_ model: ColourModel) -> LittleCMSTransform? {
        let layout =
            switch model {
            case .grey: vignette_grey_16
            case .rgb: vignette_rgb_16
            case .cmyk: vignette_cmyk_16
            }
        guard let sRGB = cmsCreate_sRGBProfile() else { return nil }
        defer { cmsCloseProfile(sRGB) }
        // Of later versions the library has rules of its own about black, which changed over time.
        cmsSetProfileVersion(sRGB, 2.1)
        let transform = cmsCreateTransform(
            handle, layout, sRGB, vignette_rgb_8, UInt32(INTENT_PERCEPTUAL),
            vignette_black_point_compensation)
        return transform.map { LittleCMSTransform($0) }
    }
}

/// A transform of Little CMS from 16 bits a channel to 8-bit sRGB.
///
/// Unchecked, because a transform is never changed once it is made, and may be used by several
/// threads (Little CMS, “Multithreading”).
final class LittleCMSTransform: @unchecked Sendable {
    private let handle: cmsHTRANSFORM

    fileprivate init(_ handle: cmsHTRANSFORM) {
        self.handle = handle
    }

    deinit {
        cmsDeleteTransform(handle)
    }

    /// Converts `count` pixels.
    func convert(_ samples: UnsafePointer<UInt16>, to rgb: UnsafeMutablePointer<UInt8>, count: Int)
    {
        cmsDoTransform(handle, samples, rgb, UInt32(count))
    }
}
