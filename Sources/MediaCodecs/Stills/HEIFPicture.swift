import CHEIF
import Imaging

/// The main picture of a HEIC or AVIF file, through libheif.
///
/// libheif applies the container's rotation, mirroring and cropping (`irot`, `imir`, `clap`).
final class HEIFPicture {
    /// Width as a person sees it.
    let width: Int
    /// Height as a person sees it.
    let height: Int
    private let context: OpaquePointer
    let handle: OpaquePointer
    private let limits: StillLimits
    private let isGrey: Bool
    // libheif reads from these bytes as long as the context lives.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Opens the file and checks the size of its main picture.
    init(_ file: [UInt8], limits: StillLimits) throws(CodecError) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
        _ = bytes.initialize(fromContentsOf: HEIFReferences.mend(file))
        guard let context = heif_context_alloc() else {
            bytes.deallocate()
            throw .failed("no memory for a HEIF file")
        }
        var handle: OpaquePointer?
        do throws(CodecError) {
            heif_context_set_max_decoding_threads(context, 0)
            try Self.check(
                heif_context_read_from_memory_without_copy(
                    context, bytes.baseAddress, bytes.count, nil))
            try Self.check(heif_context_get_primary_image_handle(context, &handle))
            guard let handle else { throw .damaged("it has no main picture (HEIF)") }
            width = Int(heif_image_handle_get_width(handle))
            height = Int(heif_image_handle_get_height(handle))
            try limits.check(width: width, height: height)
            self.handle = handle
        } catch {
            heif_image_handle_release(handle)
            heif_context_free(context)
            bytes.deallocate()
            throw error
        }
        self.context = context
        self.limits = limits
        self.bytes = bytes
        isGrey = HEIFGrey.isAllGrey(file)
    }

    deinit {
        heif_image_handle_release(handle)
        heif_context_free(context)
        bytes.deallocate()
    }

    /// The upright pixels in sRGB, alpha laid over white; scaled down if `minimumShortEdge` allows and
    /// that saves work.
    func decode(minimumShortEdge: Int? = nil) throws(CodecError) -> RGBImage {
        if isGrey, let grey = try decodeGrey() { return grey }
        let conversion = ColourConversion.of(colour, .rgb)
        let isDeep =
            conversion != nil && heif_image_handle_get_luma_bits_per_pixel(handle) > 8
        let hasAlpha = heif_image_handle_has_alpha_channel(handle) != 0
        let options = heif_decoding_options_alloc()
        defer { heif_decoding_options_free(options) }
        options?.pointee.convert_hdr_to_8bit = isDeep ? 0 : 1
        var image: OpaquePointer?
        defer { heif_image_release(image) }
        try Self.check(
            heif_decode_image(
                handle, &image, heif_colorspace_RGB, Self.chroma(hasAlpha, isDeep: isDeep), options)
        )
        var stride: Int32 = 0
        guard let plane = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride)
        else { throw .damaged("its main picture has no pixels (HEIF)") }
        let width = Int(heif_image_get_width(image, heif_channel_interleaved))
        let height = Int(heif_image_get_height(image, heif_channel_interleaved))
        try limits.check(width: width, height: height)
        if let conversion, isDeep {
            let bits = heif_image_get_bits_per_pixel_range(image, heif_channel_interleaved)
            guard (1...16).contains(bits) else { throw .damaged("\(bits) bits a channel (HEIF)") }
            let layout = DeepLayout(colours: 3, hasAlpha: hasAlpha, isBigEndian: false)
            let deep = DeepPicture(width: width, height: height, model: .rgb) { y, target in
                layout.read(
                    plane + y * Int(stride), to: target, width: width, maximum: 1 << bits - 1,
                    paper: conversion.paper)
            }
            return conversion.convert(deep)
        }
        let layout = PackedLayout.interleaved(hasAlpha: hasAlpha)
        let stored = RGBImage(width: width, height: height) { y, target in
            layout.convert(plane + y * Int(stride), to: target, width: width)
        }
        guard let conversion else { return stored }
        return conversion.convert(try stored.shrunk(minimumShortEdge: minimumShortEdge))
    }

    /// A picture of one plane; `nil` if it has more.
    private func decodeGrey() throws(CodecError) -> RGBImage? {
        var image: OpaquePointer?
        defer { heif_image_release(image) }
        try Self.check(
            heif_decode_image(
                handle, &image, heif_colorspace_undefined, heif_chroma_undefined, nil))
        let conversion = ColourConversion.of(colour, .grey)
        guard let image, let grey = HEIFGrey.picture(image, paper: conversion?.paper ?? .max)
        else { return nil }
        try limits.check(width: grey.width, height: grey.height)
        return conversion?.convert(grey) ?? grey.asSRGB()
    }

    private static func chroma(_ hasAlpha: Bool, isDeep: Bool) -> heif_chroma {
        if isDeep {
            return hasAlpha
                ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE
        }
        return hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB
    }

    /// The EXIF block and the XMP packets.
    func metadata() throws(CodecError) -> MetadataBlocks {
        var blocks = MetadataBlocks()
        let total = heif_image_handle_get_number_of_metadata_blocks(handle, nil)
        var items = [heif_item_id](
            repeating: 0, count: min(max(Int(total), 0), MetadataBlocks.maximumBlocks))
        let count = heif_image_handle_get_list_of_metadata_block_IDs(
            handle, nil, &items, Int32(items.count))
        for item in items.prefix(max(Int(count), 0)) {
            guard let type = heif_image_handle_get_metadata_type(handle, item),
                let block = block(item)
            else { continue }
            switch String(cString: type) {
            case "Exif":
                guard let header = try HEIFExif.header(in: block) else { continue }
                try blocks.addExif(block, at: header)
            case "mime":
                let content = heif_image_handle_get_metadata_content_type(handle, item)
                guard content.map({ String(cString: $0) }) == "application/rdf+xml" else {
                    continue
                }
                blocks.addXMP(block)
            default: continue
            }
        }
        return blocks
    }

    private func block(_ item: heif_item_id) -> [UInt8]? {
        let size = heif_image_handle_get_metadata_size(handle, item)
        guard size > 4, size <= MetadataBlocks.maximumBlock else { return nil }
        var block = [UInt8](repeating: 0, count: size)
        guard heif_image_handle_get_metadata(handle, item, &block).code == heif_error_Ok else {
            return nil
        }
        return block
    }

    private static func check(_ error: heif_error) throws(CodecError) {
        guard error.code != heif_error_Ok else { return }
        let message = error.message.map { String(cString: $0) } ?? "error \(error.code.rawValue)"
        switch error.code {
        case heif_error_Memory_allocation_error
        where error.subcode == heif_suberror_Security_limit_exceeded:
            // What a box claims to hold, and not what the machine lacks.
            throw .damaged("\(message) (HEIF)")
        case heif_error_Memory_allocation_error: throw .failed("no memory: \(message)")
        case heif_error_Unsupported_feature, heif_error_Unsupported_filetype:
            throw .notSupported("a HEIF file: \(message)")
        default: throw .damaged("\(message) (HEIF)")
        }
    }
}
