/// What a new sidecar is called; one that is there keeps its name.
public enum SidecarNaming: String, CaseIterable, Sendable {
    /// `IMG.JPG.xmp`: as darktable, digiKam and Immich do.
    case append
    /// `IMG.xmp`: as Lightroom, Bridge and Capture One do.
    case replace
}
