import Catalogue
import MediaDecoding

/// One text merged, by the law of `SidecarMerge`.
struct TextMerge {
    /// What becomes of the sidecar's text; `nil` leaves it as it is.
    private(set) var change: SidecarEdit.Text?
    /// The base of the next merge.
    private(set) var written: String?
    /// Both texts, where people disagree.
    private(set) var conflict: (here: String, there: String)?
    /// Whether nobody elsewhere has another word on it.
    private(set) var isSettled = true
    private let here: SidecarWords.Text?

    /// Merges.
    ///
    /// - Parameters:
    ///   - base: What Vignette wrote last.
    ///   - here: What the catalogue says; an empty text of a person wants none.
    ///   - there: What the sidecar says.
    ///   - isModels: Whether the sidecar records that a model wrote what it says.
    ///   - prefersHere: Whether a person's text here settles a conflict.
    init(
        base: String?, here: SidecarWords.Text?, there: String?, isModels: Bool = false,
        prefersHere: Bool = false
    ) {
        self.here = here
        let wanted = here.flatMap { $0.text.isEmpty ? nil : $0.text }
        // Both say the same, and be it nothing. What somebody has written who happens to say what the model says
        // stays his.
        if wanted == there {
            let isOurs = wanted == nil || here?.author == .human || base == wanted || isModels
            written = isOurs ? wanted : base
            isSettled = isOurs
            return
        }
        // Nobody changed it elsewhere.
        if there == base {
            if here != nil || base != nil {
                change = SidecarEdit.Text(wanted, former: there)
            }
            written = wanted
            return
        }
        // Somebody did.
        written = base
        isSettled = false
        guard let here, here.author == .human else { return }
        if prefersHere {
            change = SidecarEdit.Text(wanted, former: there)
            written = wanted
            isSettled = true
        } else {
            conflict = (here.text, there ?? "")
        }
    }

    /// Who wrote what is written: the one here, if it is his text.
    func author(_ former: SidecarRecord.Author?) -> SidecarRecord.Author? {
        guard let written else { return nil }
        return written == here?.text ? here?.author : former
    }
}
