import Daemon

/// The manual page of the configuration, from the table of what can be set.
enum ConfigurationManual {
    /// The page `vignette.yaml(5)`.
    static func page(version: String) -> String {
        var page = ManualPage(
            "vignette.yaml", section: 5, summary: "configuration of Vignette", version: version)
        page.heading("DESCRIPTION")
        page.paragraph(
            "The configuration of vignette(1) and of vignette.service(8), in YAML: keys, some of them in sections."
        )
        for paragraph in SettingsDocument.introduction.dropFirst() { page.paragraph(paragraph) }
        page.heading("KEYS")
        for key in SettingKey.allCases {
            page.item(
                "\\fB\(ManualPage.escaped(key.rawValue))\\fR",
                [SettingsDocument.text(of: key), value(of: key)])
        }
        page.heading("EXAMPLE")
        page.verbatim([
            "folders:", "  - /srv/photos", "log:", "  level: info", "captioning:",
            "  certainty: 0.4",
        ])
        page.heading("FILES")
        page.item("/etc/vignette/vignette.yaml", ["The system's."])
        page.item("\\(ti/.config/vignette/vignette.yaml", ["A person's."])
        page.heading("SEE ALSO")
        page.paragraph("vignette(1), vignette.service(8)")
        return page.text
    }

    private static func value(of key: SettingKey) -> String {
        let explanation = key.explanation
        let value =
            switch explanation.value {
            case .scalar(let text): text
            case .list(let texts): "[" + texts.joined(separator: ", ") + "]"
            }
        return "\(range(of: key.form)) \(explanation.isDefault ? "Default" : "Example"): \(value)"
    }

    private static func range(of form: SettingKey.Form) -> String {
        switch form {
        case .text: "A text."
        case .list: "A list."
        case .choice: "A word."
        case .integer(let range): "A whole number from \(range.lowerBound) to \(range.upperBound)."
        case .number(let range):
            "A number from \(plain(range.lowerBound)) to \(plain(range.upperBound))."
        }
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
