import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Finding
import Foundation
import Likeness
import SystemPackage

/// Finds copies of pictures, and bursts.
struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "Find copies of the same picture, and bursts of pictures.",
        discussion: """
            'copy': files with the same picture, byte for byte. 'same': one picture coded anew, resized, \
            cropped a little or brightened. 'burst': other pictures of one scene, seconds apart. Of each group \
            the largest comes first. A raw and its JPEG, and the parts of a Live Photo, are one picture. \
            Nothing is ever deleted.

            A picture takes part once it was looked at by this version; 'vignette scan' and 'watch' make \
            up for those that were described before.

            EXAMPLES
              vignette duplicates
              vignette duplicates --kind same --json
            """)

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case copy, same, burst
    }

    @Option(help: "Only 'copy', 'same' or 'burst'; may be repeated.")
    var kind: [Kind] = []

    @Option(help: "The model whose embeddings to use; the one that watches otherwise.")
    var model: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let kinds = kind.isEmpty ? Set(Kind.allCases) : Set(kind)
        var groups: [Group] = []
        if kinds.contains(.copy) { groups += try copies(in: catalogue) }
        if !kinds.isDisjoint(with: [.same, .burst]) {
            // Without embeddings, signatures alone are compared.
            let meaning = try meaning(of: catalogue, settings)
            groups += try alike(in: catalogue, meaning).filter { kinds.contains($0.kind) }
        }
        for group in groups {
            if common.json {
                try JSONLine.write(GroupLine(group))
            } else {
                StandardOutput.write(text(group))
            }
        }
    }

    /// - Throws: `ModelLocator.NotFound` where the command line names a model that there is none of.
    private func meaning(of catalogue: Catalogue, _ settings: Settings) throws -> Meaning? {
        do {
            return try SearchNearness.meaning(of: catalogue, model: model, settings)
        } catch let error as ModelLocator.NotFound where model != nil {
            throw error
        } catch {
            return nil
        }
    }

    /// Pictures that are shown together.
    struct Group {
        var kind: Kind
        var members: [(hit: SearchHit, files: [FilePath], score: Double?, seconds: Double?)]
    }

    private func copies(in catalogue: Catalogue) throws -> [Group] {
        try catalogue.assetsWithCopies().compactMap { asset in
            guard let hit = try catalogue.hits([asset], for: SearchQuery("")).first else {
                return nil
            }
            let files = try catalogue.files(of: asset)
            guard files.count > 1 else { return nil }
            return Group(kind: .copy, members: files.map { (hit, [$0], nil, nil) })
        }
    }

    private func alike(in catalogue: Catalogue, _ meaning: Meaning?) throws -> [Group] {
        var line = TerminalLine(isEnabled: StandardError.isTerminal && !common.json)
        let found = try LibraryDuplicates(catalogue, meaning).groups { done, total in
            line.draw("\(TerminalLine.bar(Double(done) / Double(total))) \(done) of \(total)")
        }
        line.clear()
        return try found.map { group in
            let hits = try catalogue.hits(group.members.map(\.id), for: SearchQuery(""))
            let byAsset = Dictionary(uniqueKeysWithValues: hits.map { ($0.assetID, $0) })
            return Group(
                kind: group.kind == .same ? .same : .burst,
                members: group.members.compactMap { member in
                    byAsset[member.id].map { hit in
                        (hit, hit.files.map(\.path), member.score, member.seconds)
                    }
                })
        }.filter { $0.members.count > 1 }
    }

    private func text(_ group: Group) -> String {
        let lines = group.members.map { member in
            let path = member.files.first.map { PathText($0).display } ?? ""
            let more = member.files.count - 1
            let others = more > 0 ? " (and \(more) more file\(more == 1 ? "" : "s"))" : ""
            let score = member.score.map { $0 < 1 ? "  " + FoundHit.shown(Float($0)) : "" } ?? ""
            return "  \(path)\(Style.dim(others + score))\n"
        }
        return Style.bold(group.kind.rawValue) + "\n" + lines.joined()
    }
}

/// A group for programs.
private struct GroupLine: Encodable {
    struct Member: Encodable {
        let path: PathText?
        let paths: [PathText]
        /// How like the first it is, from 0 to 1; null for copies.
        let score: Double?
        /// Seconds between its capture and the first's, where both are known.
        let seconds: Double?
    }

    let kind: String
    let members: [Member]

    init(_ group: DuplicatesCommand.Group) {
        kind = group.kind.rawValue
        members = group.members.map { member in
            Member(
                path: member.files.first.map { PathText($0) },
                paths: member.files.map { PathText($0) }, score: member.score,
                seconds: member.seconds)
        }
    }
}
