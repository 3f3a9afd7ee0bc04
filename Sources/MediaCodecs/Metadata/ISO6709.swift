/// Positions as telephones write them into clips: `+52.5200+013.4050+034.000/` (ISO 6709, annex H).
enum ISO6709 {
    /// Degrees north and east; `nil` if the text is no position in decimal degrees.
    static func parse(_ text: String) -> (latitude: Double, longitude: Double)? {
        var parts: [String] = []
        for character in text.prefix(64) {
            if character == "+" || character == "-" {
                parts.append(String(character))
            } else if character == "/" {
                break
            } else if !parts.isEmpty {
                parts[parts.count - 1].append(character)
            }
        }
        guard parts.count >= 2, let latitude = Double(parts[0]), let longitude = Double(parts[1])
        else { return nil }
        return (latitude, longitude)
    }
}
