import CLibAV
import Imaging

extension CodedColour {
    /// What a clip's frame says about its colours, its matrix and range aside, which swscale undoes.
    ///
    /// PQ, HLG and the matrix of BT.2020 are never without its primaries.
    init(_ frame: AVFrame) {
        self.init(
            primaries: Int(frame.color_primaries.rawValue), transfer: Int(frame.color_trc.rawValue))
        let isOfBT2020 =
            frame.colorspace == AVCOL_SPC_BT2020_NCL || frame.colorspace == AVCOL_SPC_BT2020_CL
        if primaries == 2, curve.isHighDynamicRange || isOfBT2020 { primaries = 9 }
    }
}

extension Scaler {
    /// The frame as sRGB of the given size.
    func sRGB(
        _ frame: UnsafePointer<AVFrame>, width: Int, height: Int
    ) throws(CodecError) -> RGBImage {
        try Self.checkMatrix(of: frame.pointee)
        let colour = CodedColour(frame.pointee)
        guard let conversion = ColourConversion.of(.coded(colour), .rgb) else {
            return try convert(frame, width: width, height: height)
        }
        let samples = try deep(frame, width: width, height: height)
        let layout = DeepLayout(colours: 3, hasAlpha: false, isBigEndian: false)
        return conversion.convert(
            DeepPicture(width: width, height: height, model: .rgb) { y, target in
                samples.withUnsafeBufferPointer { samples in
                    guard let start = samples.baseAddress else { return }
                    layout.read(start + y * width * 6, to: target, width: width)
                }
            })
    }

    /// Refuses what swscale would take for something else: ICtCp, YCgCo and the like.
    private static func checkMatrix(of frame: AVFrame) throws(CodecError) {
        // Red, green and blue (flag 5) have no matrix.
        let flags = av_pix_fmt_desc_get(AVPixelFormat(frame.format))?.pointee.flags ?? 0
        guard flags & 1 << 5 == 0,
            ![0, 1, 2, 4, 5, 6, 7, 9, 10].contains(frame.colorspace.rawValue)
        else { return }
        let name = av_color_space_name(frame.colorspace).map { String(cString: $0) }
        throw .notSupported("a clip with colours in \(name ?? "\(frame.colorspace.rawValue)")")
    }

    /// Takes from a stream's description what a frame leaves open: some decoders know only what
    /// stands in the coded data, and not what the container says.
    static func complete(
        _ frame: UnsafeMutablePointer<AVFrame>, from parameters: AVCodecParameters
    ) {
        if frame.pointee.color_primaries == AVCOL_PRI_UNSPECIFIED {
            frame.pointee.color_primaries = parameters.color_primaries
        }
        if frame.pointee.color_trc == AVCOL_TRC_UNSPECIFIED {
            frame.pointee.color_trc = parameters.color_trc
        }
        if frame.pointee.colorspace == AVCOL_SPC_UNSPECIFIED {
            frame.pointee.colorspace = parameters.color_space
        }
        if frame.pointee.color_range == AVCOL_RANGE_UNSPECIFIED {
            frame.pointee.color_range = parameters.color_range
        }
    }
}
