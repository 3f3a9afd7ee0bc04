/// Languages that a model can be asked in, by their codes of ISO 639-1: those that Llama 3.1 is made for
/// (its model card).
public enum AnswerLanguage: String, CaseIterable, Codable, Sendable {
    case english = "en"
    case german = "de"
    case spanish = "es"
    case french = "fr"
    case hindi = "hi"
    case italian = "it"
    case portuguese = "pt"
    case thai = "th"

    /// The question whose answer becomes the caption.
    public var captionPrompt: String {
        switch self {
        case .english: "Describe this picture in one sentence."
        case .german: "Beschreibe dieses Bild in einem Satz."
        case .spanish: "Describe esta imagen en una frase."
        case .french: "Décris cette image en une phrase."
        case .hindi: "इस चित्र का एक वाक्य में वर्णन कीजिए।"
        case .italian: "Descrivi questa immagine in una frase."
        case .portuguese: "Descreva esta imagem em uma frase."
        case .thai: "อธิบายภาพนี้ในหนึ่งประโยค"
        }
    }

    /// The question whose answer becomes the tags.
    public var tagsPrompt: String {
        switch self {
        case .english:
            "List what can be seen in this picture as single words, separated by commas."
        case .german:
            "Liste auf, was auf diesem Bild zu sehen ist, in einzelnen Wörtern, durch Kommas getrennt."
        case .spanish:
            "Enumera lo que se ve en esta imagen con palabras sueltas, separadas por comas."
        case .french:
            "Énumère ce que l'on voit sur cette image en mots isolés, séparés par des virgules."
        case .hindi:
            "इस चित्र में जो कुछ दिखता है, उसे अलग-अलग शब्दों में, अल्पविराम से अलग करके लिखिए।"
        case .italian:
            "Elenca ciò che si vede in questa immagine con singole parole, separate da virgole."
        case .portuguese:
            "Liste o que se vê nesta imagem em palavras isoladas, separadas por vírgulas."
        case .thai: "ระบุสิ่งที่เห็นในภาพนี้เป็นคำเดี่ยว ๆ คั่นด้วยเครื่องหมายจุลภาค"
        }
    }
}

/// A model that does not know the language that it is to be asked in.
struct LanguageUnknown: Error, CustomStringConvertible {
    let known: [String]
    let wanted: AnswerLanguage

    var description: String {
        let languages = known == ["en"] ? "English" : known.joined(separator: ", ")
        return
            "the model knows \(languages) only, and captioning.language is '\(wanted.rawValue)': "
            + "leave that out, or use a larger model (vignette model pull)"
    }
}
