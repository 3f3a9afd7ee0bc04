import Synchronization

/// The conversions that were made last: a camera's pictures all have the same profile.
final class ConversionCache: Sendable {
    static let shared = ConversionCache()
    /// Conversions that are kept; each has up to three megabytes beside its description.
    private static let capacity = 16
    /// Bytes that their descriptions may have together.
    private static let maximumBytes = 32 << 20

    private struct Entry {
        let description: ColourDescription
        let model: ColourModel
        let conversion: ColourConversion?
    }

    private let entries = Mutex<[Entry]>([])

    func conversion(_ description: ColourDescription, _ model: ColourModel) -> ColourConversion? {
        entries.withLock { entries in
            if let known = entries.first(where: {
                $0.model == model && $0.description == description
            }) {
                return known.conversion
            }
            let made = ColourConversion.make(description, model)
            entries.append(Entry(description: description, model: model, conversion: made))
            while entries.count > Self.capacity
                || entries.reduce(0, { $0 + $1.description.count }) > Self.maximumBytes
            {
                entries.removeFirst()
            }
            return made
        }
    }
}

extension ColourDescription {
    /// Bytes of its profile.
    fileprivate var count: Int {
        if case .profile(let bytes) = self { return bytes.count }
        return 0
    }
}
