import Imaging
import MediaDecoding
import SystemPackage
import MediaFormats

@testable import MediaCodecs

/// Every pixel of a picture, upright.
func decodedPicture(_ path: FilePath) throws -> RGBImage {
    let file = try InputFile(descriptor: FileDescriptor.open(path, .readOnly).rawValue)
    return try StillReader(limits: .standard).read(
        file, MediaFormat(of: file), minimumShortEdge: nil)
}
