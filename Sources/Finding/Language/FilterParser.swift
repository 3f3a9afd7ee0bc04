import Catalogue

/// Reads filters' values.
struct FilterParser {
    /// How far around a place is searched where no `within:` says so, in kilometres.
    static let usualKilometres = 5.0
    /// Half of the earth's circumference: no place is farther.
    private static let mostKilometres = 20_040.0

    private(set) var filters: [SearchFilter] = []
    /// The filter `near:`, whose distance may come behind.
    private var place: (number: Int, latitude: Double, longitude: Double)?
    private var kilometres: Double?

    /// Reads one.
    ///
    /// - Throws: `QueryError` that says what is allowed.
    mutating func add(_ key: FilterKey, _ value: String, isExcluded: Bool) throws(QueryError) {
        switch key {
        case .within:
            guard !isExcluded else { throw QueryError("-within: is none; exclude near: instead") }
            guard kilometres == nil else { throw QueryError("within: may be given once") }
            kilometres = try Self.kilometres(value)
        case .near:
            guard place == nil else { throw QueryError("near: may be given once") }
            let (latitude, longitude) = try Self.place(value)
            place = (filters.count, latitude, longitude)
            add(
                .near(
                    latitude: latitude, longitude: longitude, kilometres: Self.usualKilometres),
                isExcluded)
        default: add(try Self.condition(key, value), isExcluded)
        }
    }

    /// The filters, once all were read.
    ///
    /// - Throws: `QueryError`.
    mutating func finish() throws(QueryError) -> [SearchFilter] {
        guard let kilometres else { return filters }
        guard let place else {
            throw QueryError("within: needs a place; add near: with \(FilterKey.near.allowed)")
        }
        filters[place.number].condition = .near(
            latitude: place.latitude, longitude: place.longitude, kilometres: kilometres)
        return filters
    }

    private mutating func add(_ condition: SearchCondition, _ isExcluded: Bool) {
        filters.append(SearchFilter(condition, isExcluded: isExcluded))
    }

    private static func condition(
        _ key: FilterKey, _ value: String
    ) throws(QueryError) -> SearchCondition {
        let found: SearchCondition? =
            switch key {
            case .kind: AssetKind(rawValue: value.lowercased()).map(SearchCondition.kind)
            case .tag: value.isEmpty ? nil : .tag(value.lowercased())
            case .rating: Int(value).flatMap { (1...5).contains($0) ? .rating($0) : nil }
            case .camera: value.isEmpty ? nil : .camera(value)
            case .folder: folder(value)
            case .in: span(value, isDay: false)
            case .on: span(value, isDay: true)
            case .after: span(value).map { .taken(CaptureSpan(from: $0.to, to: nil)) }
            case .before: span(value).map { .taken(CaptureSpan(from: nil, to: $0.from)) }
            case .no:
                SearchCondition.Missing(rawValue: value.lowercased()).map(SearchCondition.lacks)
            case .by:
                DescriptionSource.allCases.first { $0.name == value.lowercased() }
                    .map(SearchCondition.captionBy)
            case .near, .within: nil
            }
        guard let found else { throw refusal(key, value) }
        return found
    }

    private static func refusal(_ key: FilterKey, _ value: String) -> QueryError {
        QueryError("\(key.rawValue): takes \(key.allowed), and not \(QueryError.shown(value))")
    }

    private static func folder(_ value: String) -> SearchCondition? {
        let names = value.split(separator: "/").map(String.init)
        return names.isEmpty ? nil : .folder(names)
    }

    private static func span(_ value: String) -> CaptureSpan? { DateWords(value)?.span }

    private static func span(_ value: String, isDay: Bool) -> SearchCondition? {
        guard let date = DateWords(value), !isDay || date.day != nil else { return nil }
        if let span = date.span { return .taken(span) }
        return date.month.map { .yearly(month: $0, day: date.day) }
    }

    private static func place(_ value: String) throws(QueryError) -> (Double, Double) {
        let parts = value.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0.filter { !$0.isWhitespace }) }
        guard parts.count == 2, let latitude = parts[0], let longitude = parts[1],
            (-90...90).contains(latitude), (-180...180).contains(longitude)
        else { throw refusal(.near, value) }
        return (latitude, longitude)
    }

    private static func kilometres(_ value: String) throws(QueryError) -> Double {
        let units: [(String, Double)] = [("km", 1), ("mi", 1.609344), ("m", 0.001)]
        let text = value.lowercased().filter { !$0.isWhitespace }
        let unit = units.first { text.hasSuffix($0.0) }
        guard let unit, let number = Double(text.dropLast(unit.0.count)),
            number > 0, number * unit.1 <= mostKilometres
        else { throw refusal(.within, value) }
        return number * unit.1
    }
}
