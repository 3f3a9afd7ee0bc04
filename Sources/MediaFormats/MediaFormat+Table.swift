/// The formats that Vignette reads. How each is read is a file of its own in MediaCodecs/Formats.
extension MediaFormat {
    package static let jpeg = Self("jpeg", "JPEG", .still, "jpg", "jpeg", "jpe", "jfif")
    package static let png = Self("png", "PNG", .still, "png")
    package static let webp = Self("webp", "WebP", .still, "webp")
    package static let gif = Self("gif", "GIF", .still, "gif")
    package static let bmp = Self("bmp", "BMP", .still, "bmp")
    package static let tiff = Self("tiff", "TIFF", .still, "tif", "tiff")
    package static let heic = Self("heic", "HEIC", .still, "heic", "heif")
    package static let avif = Self("avif", "AVIF", .still, "avif")

    package static let mp4 = Self("mp4", "MP4", .clip, "mp4", "m4v")
    package static let mov = Self("mov", "MOV", .clip, "mov", "qt")
    package static let matroska = Self("matroska", "MKV", .clip, "mkv")
    package static let webm = Self("webm", "WebM", .clip, "webm")
    package static let avi = Self("avi", "AVI", .clip, "avi")

    /// All of them, in the order in which they are told to people.
    public static let all = [
        jpeg, png, webp, gif, bmp, tiff, heic, avif, mp4, mov, matroska, webm, avi,
    ]

    /// Extensions of still pictures.
    public static let stillExtensions = Set(all.filter { !$0.isClip }.flatMap(\.extensions))
    /// Extensions of clips.
    public static let clipExtensions = Set(all.filter(\.isClip).flatMap(\.extensions))
}
