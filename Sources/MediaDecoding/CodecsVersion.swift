/// Which files the codecs can read, as a number that grows.
public enum CodecsVersion {
    /// The version of the codecs that belong to this program.
    ///
    /// It is stored beside each verdict that a file is damaged or not supported. Raise it by one with
    /// every change after which such a verdict could be another one: a new format, a fault that was
    /// mended, a newer library that is required. Files whose verdict is older are tried again.
    ///
    /// 0 stands for verdicts from before there was a number; 1: camcorders' and the web's clips, what
    /// was cut short, HEIC with a clip behind it.
    public static let current = 1
}
