/// Which files the codecs can read, as a number that grows.
public enum CodecsVersion {
    /// The version of the codecs that belong to this program.
    ///
    /// It is stored beside what was found in each file. Raise it by one with every change after which
    /// that could be something else: a new format, a fault that was mended, a date that was not seen, a
    /// newer library that is required. Files that an older version called damaged or not supported are
    /// tried again; `vignette reread` reads the others again.
    ///
    /// 0 stands for verdicts from before there was a number; 1: camcorders' and the web's clips, what
    /// was cut short, HEIC with a clip behind it; 2: cut GIF, WebP and TIFF, BMP of any masks;
    /// 3: grey HEIF in the range of television, PNG with a broken profile, the shortest clips,
    /// frames in which the decoder gave up; 4: characters of XMP that are written as short numbers.
    public static let current = 4
}
