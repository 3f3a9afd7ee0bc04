/// The formats that Vignette reads. How each is read is a file of its own in MediaCodecs/Formats.
extension MediaFormat {
    package static let jpeg = Self("jpeg", "JPEG", .still, "jpg", "jpeg", "jpe", "jfif", "mpo")
    package static let png = Self("png", "PNG", .still, "png")
    package static let webp = Self("webp", "WebP", .still, "webp")
    package static let gif = Self("gif", "GIF", .still, "gif")
    package static let bmp = Self("bmp", "BMP", .still, "bmp")
    package static let tiff = Self("tiff", "TIFF", .still, "tif", "tiff")
    package static let heic = Self("heic", "HEIC", .still, "heic", "heif", "hif", "heics", "heifs")
    package static let avif = Self("avif", "AVIF", .still, "avif", "avifs")

    package static let jpegXL = Self("jxl", "JPEG XL", .still, "jxl")
    package static let jpeg2000 = Self(
        "jp2", "JPEG 2000", .still, "jp2", "j2k", "jpf", "jpx", "j2c", "jpc")
    package static let psd = Self("psd", "PSD", .still, "psd", "psb")

    package static let cr2 = Self("cr2", "CR2", .raw, "cr2")
    package static let cr3 = Self("cr3", "CR3", .raw, "cr3")
    package static let crw = Self("crw", "CRW", .raw, "crw")
    package static let nef = Self("nef", "NEF", .raw, "nef", "nrw")
    package static let arw = Self("arw", "ARW", .raw, "arw", "sr2", "srf")
    package static let raf = Self("raf", "RAF", .raw, "raf")
    package static let rw2 = Self("rw2", "RW2", .raw, "rw2", "rwl")
    package static let orf = Self("orf", "ORF", .raw, "orf", "ori")
    package static let dng = Self("dng", "DNG", .raw, "dng")
    package static let pef = Self("pef", "PEF", .raw, "pef")
    package static let srw = Self("srw", "SRW", .raw, "srw")
    package static let x3f = Self("x3f", "X3F", .raw, "x3f")
    package static let mrw = Self("mrw", "MRW", .raw, "mrw")
    /// Those of makers that have few cameras.
    package static let otherRaw = Self(
        "raw", "raw", .raw, "3fr", "fff", "iiq", "mef", "mos", "erf", "kdc", "dcr", "gpr")

    package static let mp4 = Self("mp4", "MP4", .clip, "mp4", "m4v")
    package static let mov = Self("mov", "MOV", .clip, "mov", "qt")
    package static let matroska = Self("matroska", "MKV", .clip, "mkv")
    package static let webm = Self("webm", "WebM", .clip, "webm")
    package static let avi = Self("avi", "AVI", .clip, "avi")
    /// MP4 of the first telephones with cameras.
    package static let telephoneClip = Self("3gp", "3GP", .clip, "3gp", "3g2", "3gpp")
    /// AVCHD's and television's.
    package static let transportStream = Self(
        "mpegts", "MTS", .clip, "mts", "m2ts", "m2t", "ts", "tod")
    /// DVD's.
    package static let programStream = Self("mpeg", "MPG", .clip, "mpg", "mpeg", "vob", "mod")
    package static let asf = Self("asf", "WMV", .clip, "wmv", "asf")
    package static let flv = Self("flv", "FLV", .clip, "flv")
    package static let ogg = Self("ogg", "OGV", .clip, "ogv", "ogm")
    package static let dv = Self("dv", "DV", .clip, "dv", "dif")
    package static let mxf = Self("mxf", "MXF", .clip, "mxf")

    /// All of them, in the order in which they are told to people.
    public static let all =
        [jpeg, png, webp, gif, bmp, tiff, heic, avif, jpegXL, jpeg2000, psd] + raws
        + [
            mp4, mov, matroska, webm, avi, telephoneClip, transportStream, programStream, asf, flv,
            ogg, dv, mxf,
        ]

    /// What cameras' sensors saw.
    package static let raws = [
        cr2, cr3, crw, nef, arw, raf, rw2, orf, dng, pef, srw, x3f, mrw, otherRaw,
    ]

    /// Extensions of clips that files of other kinds have too: sources in TypeScript, modules of Go.
    public static let sharedExtensions: Set = ["ts", "mod"]

    /// Extensions of still pictures.
    public static let stillExtensions = Set(all.filter { !$0.isClip }.flatMap(\.extensions))
    /// Extensions of clips.
    public static let clipExtensions = Set(all.filter(\.isClip).flatMap(\.extensions))
}
