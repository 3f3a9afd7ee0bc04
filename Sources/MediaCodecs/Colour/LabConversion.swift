import CColour
import Imaging

/// From CIE L*a*b* to sRGB; needs no profile to be known.
struct LabConversion {
    private let matrix: [Float]

    /// For numbers against a white; D50 for what is no white.
    init(white: Chromaticities.Point? = nil) {
        let wanted = white.flatMap { Chromaticities.fromLab(against: $0) }
        let matrix = wanted ?? Chromaticities.fromLab(against: .d50) ?? .identity
        self.matrix = matrix.rows.joined().map { Float($0) }
    }

    /// A picture of rows of L*, a* and b*, in the units of `vignette_lab_to_rgb`.
    func image(
        width: Int, height: Int, _ row: (_ y: Int, _ target: UnsafeMutablePointer<UInt16>) -> Void
    ) -> RGBImage {
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width * 3) { buffer in
            RGBImage(width: width, height: height) { y, target in
                guard let samples = buffer.baseAddress else { return }
                row(y, samples)
                vignette_lab_to_rgb(matrix, samples, target, width)
            }
        }
    }
}
