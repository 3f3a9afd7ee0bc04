import JSONScanning

/// Where a checkpoint's configuration says that the vision tower is.
enum TowerReference: Equatable {
    /// A repository of its own, put into a folder by its name inside the checkpoint's.
    case repository(RepositoryName)
    /// A folder of the same repository.
    case folder(String)

    static let maximumByteCount = 4 << 20

    /// Reads `mm_vision_tower` of a `config.json`.
    ///
    /// - Parameters:
    ///   - json: The configuration.
    ///   - files: The files of the checkpoint's repository: a tower that stands among them is meant.
    ///   - subject: For messages.
    /// - Throws: `HubError` where it is missing or names neither.
    init(_ json: [UInt8], files: Set<RepositoryPath>, subject: some CustomStringConvertible) throws
    {
        let value: JSONValue
        do {
            value = try json.withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                return try scanner.value()
            }
        } catch {
            throw HubError(subject, "has a config.json that is no JSON", cause: error)
        }
        guard let name = value["mm_vision_tower"]?.string else {
            throw HubError(
                subject, "names no vision tower ('mm_vision_tower' in config.json)",
                advice: "Name the repository of a LLaVA-Mini checkpoint.")
        }
        let isInside = RepositoryPath("\(name)/config.json").map(files.contains) ?? false
        if isInside {
            self = .folder(name)
        } else if !name.contains("@"), let repository = RepositoryName(name) {
            self = .repository(repository)
        } else {
            throw HubError(
                subject,
                "names the vision tower '\(HubError.printable(name))', which is neither "
                    + "one of its folders nor a repository of the hub")
        }
    }
}
