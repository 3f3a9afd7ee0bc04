/// The name of a camera in one line.
enum CameraName {
    /// Characters kept.
    private static let maximum = 200

    /// Maker and model, the maker once: "Canon" and "Canon EOS R6" are "Canon EOS R6".
    static func join(maker: String?, model: String?) -> String? {
        let maker = clean(maker)
        let model = clean(model)
        let name: String
        if model.isEmpty {
            name = maker
        } else if maker.isEmpty || startsTheSame(model, maker) {
            name = model
        } else {
            name = "\(maker) \(model)"
        }
        return name.isEmpty ? nil : String(name.prefix(maximum))
    }

    /// Whether the model begins with the maker's first word, as in "NIKON CORPORATION", "NIKON D850".
    private static func startsTheSame(_ model: String, _ maker: String) -> Bool {
        guard let word = maker.split(separator: " ").first else { return false }
        return model.split(separator: " ").first?.lowercased() == word.lowercased()
    }

    /// Without control characters, runs of spaces, and what surrounds it.
    private static func clean(_ text: String?) -> String {
        let scalars = (text ?? "").unicodeScalars.map {
            (scalar: Unicode.Scalar) -> Unicode.Scalar in
            scalar.properties.generalCategory == .control ? " " : scalar
        }
        let plain = String(String.UnicodeScalarView(scalars))
        return plain.split(separator: " ").joined(separator: " ")
    }
}
