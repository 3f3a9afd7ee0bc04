import CKernels

extension RGBImage {
    /// The picture at another size, by Pillow's antialiased bicubic filter, to the bit.
    ///
    /// - Precondition: both edges are positive.
    public func resized(width: Int, height: Int) -> RGBImage {
        resized(
            width: width, height: height, cropping: PixelRectangle(width: width, height: height))
    }

    /// A part of the picture at another size, the same as resizing all of it and then cropping.
    ///
    /// Only the part is computed, so that memory does not depend on the size that the whole
    /// picture would have.
    ///
    /// - Parameters:
    ///   - width: The width that the whole picture would get.
    ///   - height: The height that the whole picture would get.
    ///   - part: What of the resized picture is wanted.
    /// - Returns: the part.
    /// - Precondition: the part lies within the resized picture and is not empty.
    public func resized(width: Int, height: Int, cropping part: PixelRectangle) -> RGBImage {
        precondition(width > 0 && height > 0 && part.width > 0 && part.height > 0)
        precondition(part.x >= 0 && part.x <= width - part.width)
        precondition(part.y >= 0 && part.y <= height - part.height)
        let across = ResamplingCoefficients(
            source: self.width, target: width, window: part.x..<(part.x + part.width))
        let down = ResamplingCoefficients(
            source: self.height, target: height, window: part.y..<(part.y + part.height))
        // As in Pillow, the picture between the passes is rounded to 8 bits. An axis that keeps
        // its length has weights of exactly 0 and 1, so that a pass over it changes nothing.
        let between = resampledAcross(across, rows: down.sourceRange)
        let pixels = [UInt8](unsafeUninitializedCapacity: part.width * part.height * 3) {
            vk_resample_vertically(
                between, part.width * 3, $0.baseAddress, part.height, down.startsInSourceRange,
                down.counts, down.fixedPoint, down.taps)
            $1 = part.width * part.height * 3
        }
        return RGBImage(width: part.width, height: part.height, pixels: pixels)
    }

    private func resampledAcross(_ axis: ResamplingCoefficients, rows: Range<Int>) -> [UInt8] {
        let byteCount = axis.starts.count * rows.count * 3
        return [UInt8](unsafeUninitializedCapacity: byteCount) { target, written in
            pixels.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return }
                vk_resample_horizontally(
                    base + rows.lowerBound * width * 3, width * 3, target.baseAddress,
                    axis.starts.count, rows.count, axis.starts, axis.counts, axis.fixedPoint,
                    axis.taps)
            }
            written = byteCount
        }
    }
}
