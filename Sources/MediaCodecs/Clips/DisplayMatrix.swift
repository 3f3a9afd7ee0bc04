import CLibAV

/// The rotation of a track as cameras write it (ISO 14496-12, 8.3.2, `matrix`).
enum DisplayMatrix {
    /// The nearest of the eight orientations; upright where the stream says nothing.
    static func orientation(of stream: UnsafeMutablePointer<AVStream>) -> Orientation {
        guard let matrix = vignette_display_matrix(stream) else { return .upright }
        return orientation(a: matrix[0], b: matrix[1], c: matrix[3], d: matrix[4])
    }

    /// A point moves from (x, y) to (ax + cy, bx + dy), y pointing down.
    static func orientation(a: Int32, b: Int32, c: Int32, d: Int32) -> Orientation {
        let keepsEdges = abs(Int(a)) + abs(Int(d)) >= abs(Int(b)) + abs(Int(c))
        return switch (keepsEdges, keepsEdges ? a < 0 : c < 0, keepsEdges ? d < 0 : b < 0) {
        case (true, false, false): .upright
        case (true, true, false): .mirrored
        case (true, true, true): .upsideDown
        case (true, false, true): .flipped
        case (false, false, false): .transposed
        case (false, true, false): .right
        case (false, true, true): .transversed
        case (false, false, true): .left
        }
    }
}

/// Pixels that are not square are stretched until they are.
enum SquarePixels {
    /// The size at which a frame is shown; ratios that no camera has are not believed.
    static func size(width: Int, height: Int, _ ratio: AVRational) -> (width: Int, height: Int) {
        let value = ratio.num > 0 && ratio.den > 0 ? av_q2d(ratio) : 1
        guard (0.125...8).contains(value) else { return (width, height) }
        // Only ever larger, so that no detail is lost before the picture is scaled down.
        return value >= 1
            ? (Int((Double(width) * value).rounded()), height)
            : (width, Int((Double(height) / value).rounded()))
    }
}
