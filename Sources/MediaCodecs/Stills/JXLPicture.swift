import CJXL
import Imaging

/// A JPEG XL file in memory, read by libjxl from its beginning to the first thing that is wanted.
///
/// Everything happens on the thread that asks: no runner for others is given to the library.
final class JXLPicture {
    private let bytes: [UInt8]
    private let decoder: OpaquePointer

    init(_ bytes: [UInt8]) throws(CodecError) {
        guard let decoder = JxlDecoderCreate(nil) else { throw .failed("no memory for a JPEG XL") }
        self.bytes = bytes
        self.decoder = decoder
    }

    deinit {
        JxlDecoderDestroy(decoder)
    }

    /// The edges as a person sees them.
    func size() throws(CodecError) -> (width: Int, height: Int) {
        var size: (width: Int, height: Int)?
        try read([JXL_DEC_BASIC_INFO]) { _ throws(CodecError) in
            let information = try information()
            size = (Int(information.xsize), Int(information.ysize))
            return false
        }
        guard let size else { throw .damaged("it has no size (JPEG XL)") }
        return size
    }

    /// The EXIF block and the XMP packets, which may be compressed.
    func metadata() throws(CodecError) -> MetadataBlocks {
        JxlDecoderSetDecompressBoxes(decoder, 1)
        var collector = JXLBoxes(decoder: decoder)
        // What is wrong behind the picture's header does not make it unreadable.
        try? read([JXL_DEC_BOX]) { status in collector.take(status) }
        return try collector.blocks()
    }

    /// The first picture in sRGB, transparency laid over white.
    func decode(_ limits: StillLimits) throws(CodecError) -> RGBImage {
        var format = JxlPixelFormat(
            num_channels: 0, data_type: JXL_TYPE_UINT16, endianness: JXL_LITTLE_ENDIAN, align: 0)
        var size = (width: 0, height: 0)
        var colour: ColourDescription?
        var isWhole = false
        // The library writes into the samples between two events.
        var samples: UnsafeMutableRawBufferPointer?
        defer { samples?.deallocate() }
        let events = [JXL_DEC_BASIC_INFO, JXL_DEC_COLOR_ENCODING, JXL_DEC_FULL_IMAGE]
        try read(events) { status throws(CodecError) in
            switch status {
            case JXL_DEC_BASIC_INFO:
                let information = try information()
                size = (Int(information.xsize), Int(information.ysize))
                try limits.check(width: size.width, height: size.height)
                format.num_channels =
                    information.num_color_channels + (information.alpha_bits > 0 ? 1 : 0)
            case JXL_DEC_COLOR_ENCODING:
                colour = self.colour
            case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
                samples?.deallocate()
                let buffer = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: size.width * size.height * Int(format.num_channels) * 2,
                    alignment: 16)
                samples = buffer
                JxlDecoderSetImageOutBuffer(decoder, &format, buffer.baseAddress, buffer.count)
            default:
                isWhole = true
            }
            return !isWhole
        }
        guard isWhole, let samples = samples?.baseAddress else { throw .cutShort }
        return picture(samples, size, channels: Int(format.num_channels), colour)
    }

    private func picture(
        _ samples: UnsafeMutableRawPointer, _ size: (width: Int, height: Int), channels: Int,
        _ colour: ColourDescription?
    ) -> RGBImage {
        let colours = channels < 3 ? 1 : 3
        let layout = DeepLayout(colours: colours, hasAlpha: channels > colours, isBigEndian: false)
        let stride = size.width * channels * 2
        let model: ColourModel = colours == 1 ? .grey : .rgb
        let conversion = ColourConversion.of(colour, model)
        let picture = DeepPicture(width: size.width, height: size.height, model: model) { y, row in
            let source = UnsafePointer<UInt8>(
                (samples + y * stride).assumingMemoryBound(to: UInt8.self))
            layout.read(source, to: row, width: size.width, paper: conversion?.paper ?? .max)
        }
        return conversion?.convert(picture) ?? picture.asSRGB()
    }

    /// What the decoded numbers stand for: by numbers where these suffice, for they tell of high
    /// dynamic range, else by a profile.
    private var colour: ColourDescription? {
        var encoding = JxlColorEncoding()
        if vignette_jxl_colour(decoder, &encoding), let coded = CodedColour(encoding) {
            return .coded(coded)
        }
        let count = vignette_jxl_profile_size(decoder)
        guard count > 0, count <= ICCProfile.maximumBytes else { return nil }
        var profile = [UInt8](repeating: 0, count: count)
        return vignette_jxl_profile(decoder, &profile, count) ? .profile(profile) : nil
    }

    private func information() throws(CodecError) -> JxlBasicInfo {
        var information = JxlBasicInfo()
        guard JxlDecoderGetBasicInfo(decoder, &information) == JXL_DEC_SUCCESS else {
            throw .damaged("its header is wrong (JPEG XL)")
        }
        return information
    }

    /// Lets the library read until `take` has enough or the file is over.
    private func read(
        _ events: [JxlDecoderStatus], _ take: (JxlDecoderStatus) throws(CodecError) -> Bool
    ) throws(CodecError) {
        JxlDecoderSubscribeEvents(decoder, Int32(events.reduce(0) { $0 | $1.rawValue }))
        // The library keeps the address, so the bytes stay where they are until the end.
        var fault: CodecError?
        bytes.withUnsafeBufferPointer { buffer in
            JxlDecoderSetInput(decoder, buffer.baseAddress, buffer.count)
            JxlDecoderCloseInput(decoder)
            do throws(CodecError) {
                var goesOn = true
                while goesOn {
                    switch JxlDecoderProcessInput(decoder) {
                    case JXL_DEC_SUCCESS: goesOn = false
                    case JXL_DEC_NEED_MORE_INPUT: throw .cutShort
                    case JXL_DEC_ERROR: throw .damaged("its content is wrong (JPEG XL)")
                    case let status: goesOn = try take(status)
                    }
                }
            } catch {
                fault = error
            }
            JxlDecoderReleaseInput(decoder)
        }
        if let fault { throw fault }
    }
}

extension CodedColour {
    /// The numbers of libjxl are those of H.273; `nil` for primaries and curves of a file's own.
    fileprivate init?(_ encoding: JxlColorEncoding) {
        let transfer = Int(encoding.transfer_function.rawValue)
        guard encoding.color_space == JXL_COLOR_SPACE_RGB, (1...18).contains(transfer),
            transfer != Int(JXL_TRANSFER_FUNCTION_UNKNOWN.rawValue)
        else { return nil }
        switch (encoding.primaries, encoding.white_point) {
        case (JXL_PRIMARIES_SRGB, JXL_WHITE_POINT_D65): self.init(primaries: 1, transfer: transfer)
        case (JXL_PRIMARIES_2100, JXL_WHITE_POINT_D65): self.init(primaries: 9, transfer: transfer)
        case (JXL_PRIMARIES_P3, JXL_WHITE_POINT_D65): self.init(primaries: 12, transfer: transfer)
        case (JXL_PRIMARIES_P3, JXL_WHITE_POINT_DCI): self.init(primaries: 11, transfer: transfer)
        default: return nil
        }
    }
}
