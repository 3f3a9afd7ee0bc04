import CKernels

/// The cosines and sines that rotary position embedding turns rows by.
public struct Rotation: Sendable {
    /// [positions, headWidth / 2] each.
    private let cosine: Matrix
    private let sine: Matrix

    private init(cosine: Matrix, sine: Matrix) {
        self.cosine = cosine
        self.sine = sine
    }

    /// Computes the angles `position × frequency` of rows.
    ///
    /// - Parameters:
    ///   - positions: The position of each row.
    ///   - frequencies: Radians a position, one for each pair of a head.
    public init(positions: [Int32], frequencies: [Float]) {
        var cosine = Matrix(uninitialisedRows: positions.count, columns: frequencies.count)
        var sine = cosine
        cosine.write { cosines in
            sine.write { sines in
                vk_rotary_angles(
                    positions, positions.count, frequencies, frequencies.count, cosines, sines)
            }
        }
        self.init(cosine: cosine, sine: sine)
    }

    /// The angles of some of the rows.
    public func rows(_ range: Range<Int>) -> Rotation {
        Rotation(cosine: cosine.rows(range), sine: sine.rows(range))
    }

    /// Turns each row's heads: element i pairs with element i + headWidth / 2.
    ///
    /// - Precondition: one angle a row, and whole heads in a row.
    public func apply(to x: inout Matrix) {
        let half = cosine.columns
        precondition(x.rows == cosine.rows && half > 0 && x.columns % (2 * half) == 0)
        let (rows, heads) = (x.rows, x.columns / (2 * half))
        cosine.read { cosines in
            sine.read { sines in x.write { vk_rotate($0, rows, heads, half, cosines, sines) } }
        }
    }
}
