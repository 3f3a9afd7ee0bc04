import CKernels

extension Weights {
    /// The numbers in single precision, copied; exact for every stored type.
    public var floats: [Float] {
        [Float](unsafeUninitializedCapacity: count) { target, written in
            if let start = target.baseAddress { copyFloats(from: 0, count: count, to: start) }
            written = count
        }
    }

    /// The rows in a range of the outermost dimension, still where they are in the file.
    ///
    /// - Precondition: there are such rows.
    public func rows(_ rows: Range<Int>) -> Weights {
        precondition(!shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= shape[0])
        let rowBytes = shape.dropFirst().reduce(1, *) * elementType.byteCount
        let start = range.lowerBound + rows.lowerBound * rowBytes
        return Weights(
            elementType: elementType, shape: [rows.count] + shape.dropFirst(), file: file,
            range: start..<(start + rows.count * rowBytes))
    }

    /// Converts `count` numbers from the one at `first` on.
    func copyFloats(from first: Int, count: Int, to target: UnsafeMutablePointer<Float>) {
        precondition(first >= 0 && count >= 0 && first + count <= self.count)
        guard count > 0, let base = bytes.baseAddress else { return }
        let source = base + first * elementType.byteCount
        switch elementType {
        case .float32:
            UnsafeMutableRawPointer(target).copyMemory(
                from: source, byteCount: count * MemoryLayout<Float>.stride)
        case .float16: vk_f16_to_f32(source, target, count)
        case .bfloat16: vk_bf16_to_f32(source, target, count)
        case .uint8:
            let numbers = UnsafeRawBufferPointer(start: source, count: count)
            for (index, number) in numbers.enumerated() { target[index] = Float(number) }
        }
    }
}
