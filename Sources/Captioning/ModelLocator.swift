import Foundation
public import SystemPackage

/// Finds the model to use: the chosen one, else the newest in the models folder, else the bundled.
public struct ModelLocator: Sendable {
    /// The folder with one folder a model.
    public var models: FilePath
    /// Places where the bundled model may stand, the first that holds one is taken.
    public var bundled: [FilePath]

    /// Looks in the given places.
    public init(models: FilePath, bundled: [FilePath] = Self.bundledPlaces()) {
        self.models = models
        self.bundled = bundled
    }

    /// No model was found, or not the chosen one.
    public struct NotFound: Error, CustomStringConvertible {
        /// What was looked for, where, and what to do.
        public let description: String
    }

    /// The folder of the model to use.
    ///
    /// - Parameter choice: A folder, or the name of a folder in the models folder; `nil` to look.
    /// - Returns: A folder with a `config.json`.
    /// - Throws: `NotFound`.
    public func find(_ choice: String?) throws -> FilePath {
        if let choice { return try chosen(choice) }
        if let newest = newest() { return newest }
        for place in bundled where isModel(place) { return place }
        throw NotFound(
            description: "no model found in \(models) nor at "
                + bundled.map(\.string).joined(separator: ", ")
                + "; name a model folder with --model")
    }

    private func chosen(_ choice: String) throws -> FilePath {
        let asPath = FilePath(choice)
        if isModel(asPath) { return asPath }
        // Only a plain name may be joined to the models folder.
        if asPath.components.count == 1, asPath.isRelative, isModel(models.pushing(asPath)) {
            return models.pushing(asPath)
        }
        throw NotFound(
            description: "no model '\(choice)': neither a folder with a config.json nor a name in "
                + "\(models)")
    }

    private func newest() -> FilePath? {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: models.string)) ?? []
        // Hidden folders are models in the making.
        let dated = names.filter { !$0.hasPrefix(".") }.map { models.appending($0) }.filter(isModel)
            .map { folder in
                let configuration = folder.appending("config.json").string
                let attributes = try? manager.attributesOfItem(atPath: configuration)
                return (folder, attributes?[.modificationDate] as? Date ?? .distantPast)
            }
        return dated.max { $0.1 < $1.1 }?.0
    }

    private func isModel(_ folder: FilePath) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending("config.json").string)
    }

    /// Where the bundled model stands for an installed program, and for one run from a checkout.
    public static func bundledPlaces() -> [FilePath] {
        let executable =
            (try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")) ?? CommandLine.arguments.first ?? ""
        var folder = FilePath(executable).removingLastComponent()
        var places = [folder.appending("../share/vignette/models/demo").lexicallyNormalized()]
        // A build lies up to four folders deep: .build/<triple>/<configuration>/.
        for _ in 0..<4 {
            folder.removeLastComponent()
            places.append(folder.appending("Models/demo"))
        }
        return places
    }
}
