import FileSystem
public import SystemPackage

/// The folder that holds one folder a model, and beside each the partial downloads of unfinished
/// ones.
///
/// A model `NAME` stands in `NAME/` and is complete. What was fetched of it so far stands in
/// `NAME.partial/`, where nothing takes it for a model: its `config.json` lies deeper.
public struct ModelStore: Sendable {
    /// The models folder; it need not exist.
    public let folder: FilePath

    /// The end of the name of a folder with a partial download.
    static let partialSuffix = ".partial"

    /// Looks at a models folder.
    public init(_ folder: FilePath) { self.folder = folder }

    /// What stands in the models folder under one name.
    public struct Entry: Equatable, Sendable {
        /// The name, by which commands choose it.
        public let name: String
        /// The model's folder; nil where there is only a partial download.
        public let model: FilePath?
        /// The folder of a partial download; nil where there is none.
        public let partial: FilePath?
    }

    /// Everything in the folder, by name; nothing where the folder does not exist.
    ///
    /// - Throws: `Errno` where the folder cannot be read.
    public func entries() throws(Errno) -> [Entry] {
        let names = try DirectoryNames.read(folder).filter { !$0.hasPrefix(".") }
        let stems = Set(names.map(Self.modelName))
        return stems.sorted().compactMap(entry)
    }

    /// What stands under a name; nil where nothing does, or where it is no name of a model.
    public func entry(_ name: String) -> Entry? {
        guard Self.isName(name) else { return nil }
        let (model, partial) = (folder.appending(name), partialFolder(name))
        let entry = Entry(
            name: name, model: Self.isFolder(model) ? model : nil,
            partial: Self.isFolder(partial) ? partial : nil)
        return entry.model == nil && entry.partial == nil ? nil : entry
    }

    /// Where a model's partial download stands.
    func partialFolder(_ name: String) -> FilePath { folder.appending(name + Self.partialSuffix) }

    /// Whether a text can name a model: one component of a path that is neither hidden nor taken for
    /// a partial download.
    public static func isName(_ text: String) -> Bool {
        RepositoryPath.isPlainComponent(text) && !text.hasPrefix(".")
            && !text.hasSuffix(partialSuffix)
    }

    private static func modelName(_ name: String) -> String {
        name.hasSuffix(partialSuffix) ? String(name.dropLast(partialSuffix.count)) : name
    }

    /// Whether a folder stands there itself, and not a link that leads out of the models folder.
    private static func isFolder(_ path: FilePath) -> Bool {
        (try? FileStatus(at: path))?.kind == .directory
    }
}
