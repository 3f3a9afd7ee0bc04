public import Catalogue
public import MediaDecoding

/// What a sidecar and the catalogue become of each other: a three-way merge, field by field.
///
/// *Base* is what Vignette wrote last, *here* what the catalogue says, *there* what the sidecar says. Human beats
/// sidecar beats model, and nobody's text is lost.
///
/// **Texts** (caption, title, alternative text). Where the sidecar still says the base, or has never said anything,
/// it gets what is said here, or loses what Vignette wrote once nothing is said here any more. Where somebody changed
/// or took away the text elsewhere, theirs stays: it replaces a model's text, which is not written again, while a
/// person's text here makes it a *conflict*, listed with both texts, and the sidecar's field stays untouched. Where
/// both say the same they agree again, which ends any conflict. The alternative text is made from the caption and
/// never a person's own.
///
/// **Tags** are sets, and each is merged by itself. Whoever changed it since the base has his way: added or removed
/// there, so it stays there; otherwise a tag given here is added, one that a person removed here is taken out, one
/// that Vignette added and nobody gives here any more is taken out again, and any other stays as it is.
///
/// A tag that is given here and was taken out there is remembered as refused, and not added again until it was given
/// up here, or added there; likewise one that was removed here and put back there is kept.
///
/// A sidecar that is gone altogether says nothing, and a new one is made: files are lost, and texts are taken away.
///
/// The record that Vignette left in the sidecar is the base where this catalogue wrote it, and where this one has
/// none: of another catalogue's only what a model wrote, since a person's word on another machine is somebody else's
/// word here.
public struct SidecarMerge: Equatable, Sendable {
    /// What is to be changed in the sidecar.
    public var edit: SidecarEdit
    /// The base of the next merge, once that is done.
    public var base: SidecarBase
    /// Where people disagree.
    public var conflicts: [SidecarConflict]

    /// Merges.
    ///
    /// - Parameters:
    ///   - words: What the catalogue says.
    ///   - there: What the sidecar says; `nil` where there is none.
    ///   - last: What this catalogue wrote last.
    ///   - writer: The program and its version, for the record.
    ///   - library: Tells this catalogue from others, for the record.
    ///   - edition: Tells this writing from others, for the record.
    ///   - prefersHere: Whether a person's text here takes the place of what the sidecar says.
    public init(
        _ words: SidecarWords, into there: SidecarFacts?, last: SidecarBase?,
        writer: String, library: String, edition: String,
        prefersHere: Bool = false
    ) {
        let texts = there?.texts ?? EmbeddedTexts()
        let base = there == nil ? SidecarBase() : Self.base(last, there?.record, library)
        let isModels = there?.record.map { record in
            record.captionAuthor == .model && record.caption == texts.caption
        }
        let here = WordsHere(words)
        let caption = TextMerge(
            base: base.written.caption, here: here.caption, there: texts.caption,
            isModels: isModels ?? false, prefersHere: prefersHere)
        let title = TextMerge(
            base: base.written.title, here: here.title, there: texts.title,
            prefersHere: prefersHere)
        let alternative = TextMerge(
            base: base.written.alternativeText,
            here: Self.alternative(of: caption, base), there: texts.alternativeText,
            isModels: there?.record?.alternativeText == texts.alternativeText)
        let tags = TagMerge(base: base, here: here, there: texts)

        var written = SidecarRecord(
            caption: caption.written, captionAuthor: caption.author(base.written.captionAuthor),
            title: title.written, alternativeText: alternative.written,
            modelTags: tags.modelTags, humanTags: tags.humanTags)
        let isByModel = written.captionAuthor == .model || !written.modelTags.isEmpty
        written.model = isByModel ? words.model ?? base.written.model : nil
        if !written.isEmpty || there?.record != nil {
            written.writer = writer
            written.library = library
            written.edition = there?.record?.edition
        }
        edit = SidecarEdit(
            caption: caption.change, title: title.change, alternativeText: alternative.change,
            addedTags: tags.added, removedTags: tags.removed)
        if edit != SidecarEdit() || !(there?.record ?? SidecarRecord()).covers(written) {
            written.edition = edition
            edit.record = written
        }
        self.base = SidecarBase(
            written: written, tags: tags.result, refused: tags.refused, kept: tags.kept)
        conflicts = [("caption", caption), ("title", title)].compactMap { field, merge in
            merge.conflict.map { SidecarConflict(field: field, here: $0.here, there: $0.there) }
        }
    }

    private static func base(
        _ last: SidecarBase?, _ record: SidecarRecord?, _ library: String
    ) -> SidecarBase {
        guard let record else { return last ?? SidecarBase() }
        if let last, last.written.edition == record.edition { return last }
        // What this catalogue wrote before it was lost, or restored from an older copy, stands there.
        if record.library == library {
            return SidecarBase(
                written: record, tags: last?.tags, refused: last?.refused,
                kept: last?.kept)
        }
        return last ?? SidecarBase(record: record)
    }

    /// The alternative text that goes with the caption where that is ours, if it is short enough for one (IPTC
    /// recommends 250 characters at most).
    private static func alternative(
        of caption: TextMerge, _ base: SidecarBase
    ) -> SidecarWords.Text? {
        guard caption.isSettled else {
            return base.written.alternativeText.map { SidecarWords.Text($0, by: .model) }
        }
        guard let text = caption.written, text.count <= 250 else { return nil }
        return SidecarWords.Text(text, by: .model)
    }
}

extension SidecarBase {
    /// The base by what the sidecar itself records, where this catalogue has none.
    init(record: SidecarRecord?) {
        guard var record else {
            self.init()
            return
        }
        if record.captionAuthor != .model { record.caption = nil }
        record.title = nil
        record.humanTags = []
        self.init(written: record)
    }
}

extension SidecarRecord {
    /// With its tags in an order of their own: a sidecar keeps the one in which they came.
    var sorted: SidecarRecord {
        var record = self
        record.modelTags.sort()
        record.humanTags.sort()
        return record
    }

    /// Whether it names all the words of another one, with the same authors.
    ///
    /// Tags that it names besides have been taken out elsewhere, for which no sidecar is written anew.
    func covers(_ other: SidecarRecord) -> Bool {
        caption == other.caption && captionAuthor == other.captionAuthor && title == other.title
            && alternativeText == other.alternativeText
            && Set(modelTags).isSuperset(of: other.modelTags)
            && Set(humanTags).isSuperset(of: other.humanTags)
    }
}
