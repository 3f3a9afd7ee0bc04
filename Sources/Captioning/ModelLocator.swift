import Foundation
import Glibc
public import SystemPackage

/// Finds the model to use: the chosen one, else the newest in the models folder, else the bundled one for
/// photographs.
public struct ModelLocator: Sendable {
    /// The folder with one folder a model.
    public var models: FilePath
    /// Folders that may hold the bundled models, one folder a model; the first that holds any is taken.
    public var bundledFolders: [FilePath]

    /// The bundled model that is used where none is chosen and none was fetched.
    static let preferred = "photographs"

    /// Looks in the given places.
    public init(models: FilePath, bundledFolders: [FilePath] = Self.bundledFolders()) {
        self.models = models
        self.bundledFolders = bundledFolders
    }

    /// No model was found, or not the chosen one.
    public struct NotFound: Error, CustomStringConvertible {
        /// What was looked for, where, and what to do.
        public let description: String
    }

    /// The folder of the model to use.
    ///
    /// - Parameter choice: A folder, the name of one in the models folder, or that of a bundled model; `nil` to
    ///   look.
    /// - Returns: A folder with a `config.json`.
    /// - Throws: `NotFound`.
    public func find(_ choice: String?) throws -> FilePath {
        if let choice { return try chosen(choice) }
        if let newest = newest() { return newest }
        if let bundled = bundledModels.first { return bundled }
        throw NotFound(
            description: "no model found in \(models) nor in "
                + bundledFolders.map(\.string).joined(separator: ", ")
                + "; name a model folder with --model")
    }

    /// The models that come with the program, that for photographs first.
    public var bundledModels: [FilePath] {
        for folder in bundledFolders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
            let found =
                (names.filter { $0 == Self.preferred }
                + names.filter { $0 != Self.preferred }.sorted())
                .map { folder.appending($0) }.filter(isModel)
            if !found.isEmpty { return found }
        }
        return []
    }

    private func chosen(_ choice: String) throws -> FilePath {
        guard choice.utf8.count < Int(PATH_MAX) else {
            throw NotFound(description: "no model '\(choice.prefix(40))…': no path is so long")
        }
        let asPath = FilePath(choice)
        if isModel(asPath) { return asPath }
        // Only a plain name may be joined to the models folder.
        if asPath.components.count == 1, asPath.isRelative, isModel(models.pushing(asPath)) {
            return models.pushing(asPath)
        }
        let bundled = bundledModels
        if let named = bundled.first(where: { $0.lastComponent?.string == choice }) { return named }
        let names = bundled.compactMap { $0.lastComponent.map { "'\($0.string)'" } }
        throw NotFound(
            description: "no model '\(choice)': neither a folder with a config.json nor a name in "
                + "\(models)"
                + (names.isEmpty
                    ? "" : ", and the bundled ones are \(names.joined(separator: ", "))"))
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

    /// Where the bundled models stand for an installed program, and for one run from a checkout.
    public static func bundledFolders() -> [FilePath] {
        let executable =
            (try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")) ?? CommandLine.arguments.first ?? ""
        var folder = FilePath(executable).removingLastComponent()
        var places = [folder.appending("../share/vignette/models").lexicallyNormalized()]
        // A build lies up to four folders deep: .build/<triple>/<configuration>/.
        for _ in 0..<4 {
            folder.removeLastComponent()
            places.append(folder.appending("Models"))
        }
        return places
    }
}
