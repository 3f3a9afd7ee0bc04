import Foundation

/// What is known of a picture beside its pixels, and may be told to the model with the question.
///
/// All of it is somebody's text: of each part only so much is taken, and no character that steers anything. What the
/// tokenizer's layout is made of counts as text in a question anyway (`ChatPrompt`).
public struct PictureContext: Equatable, Sendable {
    /// A kind of what is known.
    public enum Part: String, CaseIterable, Codable, Sendable {
        /// People's keywords, names among them.
        case keywords
        /// Where it was taken.
        case place
        /// The day on which it was taken.
        case date
    }

    /// People's keywords; of a path the last term is said.
    public var keywords: [String]
    /// Degrees north and east.
    public var coordinates: (latitude: Double, longitude: Double)? {
        get { place.map { ($0.latitude, $0.longitude) } }
        set { place = newValue.map { Place(latitude: $0.latitude, longitude: $0.longitude) } }
    }
    /// Local time as ISO 8601, of which the day is said.
    public var takenAt: String?
    private var place: Place?

    private struct Place: Equatable, Sendable {
        var latitude: Double
        var longitude: Double
    }

    /// The most keywords that are told.
    static let mostKeywords = 12
    /// The most characters of each.
    static let longestKeyword = 40

    /// Builds it from its parts.
    public init(
        keywords: [String] = [], coordinates: (latitude: Double, longitude: Double)? = nil,
        takenAt: String? = nil
    ) {
        self.keywords = keywords
        self.takenAt = takenAt
        self.coordinates = coordinates
    }

    /// What is put before a question, a line a part; `nil` where nothing is known.
    func text(of parts: [Part], in language: AnswerLanguage) -> String? {
        let lines = Part.allCases.filter(parts.contains).compactMap { part in
            said(part).map { "\(language.name(of: part)): \($0)" }
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// Whether any of these parts is known.
    public func tells(_ parts: [Part]) -> Bool { parts.contains { said($0) != nil } }

    private func said(_ part: Part) -> String? {
        switch part {
        case .keywords:
            let words = toldKeywords
            return words.isEmpty ? nil : words.joined(separator: ", ")
        case .place:
            guard let place, abs(place.latitude) <= 90, abs(place.longitude) <= 180 else {
                return nil
            }
            return Self.degrees(place.latitude, "N", "S") + ", "
                + Self.degrees(place.longitude, "E", "W")
        case .date:
            guard let day = takenAt?.prefix(10),
                day.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
            else { return nil }
            return String(day)
        }
    }

    private var toldKeywords: [String] {
        var told: [String] = []
        var known: Set<String> = []
        for word in keywords.lazy.map(Self.term) where !word.isEmpty {
            guard told.count < Self.mostKeywords else { break }
            if known.insert(word.lowercased()).inserted { told.append(word) }
        }
        return told
    }

    private static func degrees(_ value: Double, _ positive: String, _ negative: String) -> String {
        String(format: "%.2f", abs(value)) + "° " + (value < 0 ? negative : positive)
    }

    /// A keyword's last term in one line, cut where it is too long.
    ///
    /// Characters are counted as Unicode's scalars, since one that is written may have any number of them.
    private static func term(_ keyword: String) -> String {
        let last = keyword.split(separator: "/").last.map(String.init) ?? ""
        var scalars = String.UnicodeScalarView()
        for scalar in last.unicodeScalars.prefix(4 * longestKeyword) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
                .unassigned:
                scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        let line = String(scalars).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(longestKeyword)))
            .trimmingCharacters(in: .whitespaces)
    }
}

extension AnswerLanguage {
    /// What a part of a picture's context is called.
    fileprivate func name(of part: PictureContext.Part) -> String {
        let (keywords, place, date) =
            switch self {
            case .english: ("Keywords", "Place", "Date")
            case .german: ("Stichwörter", "Ort", "Datum")
            case .spanish: ("Palabras clave", "Lugar", "Fecha")
            case .french: ("Mots-clés", "Lieu", "Date")
            case .hindi: ("मुख्य शब्द", "स्थान", "दिनांक")
            case .italian: ("Parole chiave", "Luogo", "Data")
            case .portuguese: ("Palavras-chave", "Local", "Data")
            case .thai: ("คำสำคัญ", "สถานที่", "วันที่")
            }
        return switch part {
        case .keywords: keywords
        case .place: place
        case .date: date
        }
    }
}
