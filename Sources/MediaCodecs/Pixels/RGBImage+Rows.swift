import Imaging

extension RGBImage {
    /// Builds an image row by row; `fill` gets a row's number and where its `width` × 3 bytes go.
    init(width: Int, height: Int, fill: (Int, UnsafeMutablePointer<UInt8>) -> Void) {
        let count = width * height * 3
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            target.initialize(repeating: 255)
            if let start = target.baseAddress {
                for y in 0..<height { fill(y, start + y * width * 3) }
            }
            filled = count
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}
