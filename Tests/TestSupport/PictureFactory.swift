public import Foundation

/// Writes small valid pictures without any codec; another number is another picture.
public enum PictureFactory {
    /// A Windows bitmap, 24 bits a pixel.
    ///
    /// - Parameters:
    ///   - number: What to draw; equal numbers give equal bytes.
    ///   - width: Pixels.
    ///   - height: Pixels.
    /// - Returns: The file's bytes.
    public static func bitmap(_ number: Int, width: Int = 16, height: Int = 12) -> Data {
        bitmap(pixels(number, width: width, height: height), width: width, height: height)
    }

    /// A Windows bitmap of given pixels, 24 bits a pixel.
    ///
    /// - Parameters:
    ///   - pixels: Red, green and blue, row by row from the top.
    ///   - width: Pixels.
    ///   - height: Pixels.
    /// - Returns: The file's bytes.
    public static func bitmap(_ pixels: [UInt8], width: Int, height: Int) -> Data {
        let padding = [UInt8](repeating: 0, count: (4 - width * 3 % 4) % 4)
        var rows = Data()
        // Bitmaps stand on their head, with blue first.
        for y in (0..<height).reversed() {
            for x in 0..<width {
                let start = (y * width + x) * 3
                rows.append(contentsOf: [pixels[start + 2], pixels[start + 1], pixels[start]])
            }
            rows.append(contentsOf: padding)
        }
        var data = Data("BM".utf8)
        data.append(little(UInt32(54 + rows.count)))
        data.append(contentsOf: [0, 0, 0, 0])
        data.append(little(54))
        data.append(little(40))
        data.append(little(UInt32(width)))
        data.append(little(UInt32(height)))
        data.append(contentsOf: [1, 0, 24, 0])
        data.append(contentsOf: [UInt8](repeating: 0, count: 24))
        return data + rows
    }

    /// A PNG of 8-bit RGB, stored without compression.
    ///
    /// - Parameters:
    ///   - number: What to draw; equal numbers give equal pixels.
    ///   - width: Pixels.
    ///   - height: Pixels.
    ///   - comment: Text in the metadata; it changes the bytes and not the picture.
    /// - Returns: The file's bytes.
    public static func png(
        _ number: Int, width: Int = 16, height: Int = 12, comment: String? = nil
    ) -> Data {
        let pixels = pixels(number, width: width, height: height)
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            rows.append(contentsOf: pixels[y * width * 3..<(y + 1) * width * 3])
        }
        var data = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        data.append(
            chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + Data([8, 2, 0, 0, 0])))
        if let comment { data.append(chunk("tEXt", Data("Comment\0".utf8) + Data(comment.utf8))) }
        data.append(chunk("IDAT", zlib(rows)))
        data.append(chunk("IEND", Data()))
        return data
    }

    /// The header of a PNG of any size, with no pixels behind it.
    public static func pngHeader(width: UInt32, height: UInt32) -> Data {
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            + chunk("IHDR", big(width) + big(height) + Data([8, 2, 0, 0, 0]))
            + chunk("IDAT", zlib([0])) + chunk("IEND", Data())
    }

    /// A gradient with a coloured block, all from the bits of the number.
    ///
    /// - Parameters:
    ///   - number: What to draw.
    ///   - width: Pixels.
    ///   - height: Pixels.
    /// - Returns: Red, green and blue, row by row from the top.
    public static func pixels(_ number: Int, width: Int, height: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(number)) &+ 1)
        let corners = (0..<4).map { _ in generator.next() }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let block = x > width / 3 && y > height / 3 ? 1 : 0
                for channel in 0..<3 {
                    let first = Int(corners[block] >> (channel * 8) & 0xFF)
                    let second = Int(corners[block + 2] >> (channel * 8) & 0xFF)
                    let value = first + (second - first) * (x + y) / (width + height)
                    pixels[(y * width + x) * 3 + channel] = UInt8(clamping: value)
                }
            }
        }
        return pixels
    }

    /// Stored blocks (RFC 1951, 3.2.4) in a zlib stream (RFC 1950).
    private static func zlib(_ bytes: [UInt8]) -> Data {
        var data = Data([0x78, 0x01])
        var start = 0
        repeat {
            let end = min(start + 65535, bytes.count)
            let length = UInt16(end - start)
            data.append(end == bytes.count ? 1 : 0)
            for half in [length, ~length] {
                data.append(contentsOf: [UInt8(half & 0xFF), UInt8(half >> 8)])
            }
            data.append(contentsOf: bytes[start..<end])
            start = end
        } while start < bytes.count
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return data + big(high << 16 | low)
    }

    private static func chunk(_ kind: String, _ body: Data) -> Data {
        let content = Data(kind.utf8) + body
        return big(UInt32(body.count)) + content + big(crc32(content))
    }

    private static func crc32(_ data: Data) -> UInt32 {
        var remainder: UInt32 = .max
        for byte in data {
            remainder = crcTable[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ remainder >> 8
        }
        return ~remainder
    }

    /// The polynomial of PNG's CRC, a byte at a time (PNG specification, annex D).
    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }

    private static func big(_ value: UInt32) -> Data {
        Data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
    }

    private static func little(_ value: UInt32) -> Data {
        Data([0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) })
    }
}
