import Foundation
import SystemPackage
import TestSupport
import Testing

/// A few pictures that a scan has described once, for all tests that only read.
struct DescribedLibrary {
    /// The world around them.
    let sandbox: Sandbox
    /// What the scan said.
    let scan: ProgramResult

    /// Pictures by their names below the folder; `copy of boat.png` is `boat.png` once more.
    static let pictures: [FilePath: Data] = [
        "beach/boat.png": PictureFactory.png(1),
        "beach/copy of boat.png": PictureFactory.png(1),
        "mountain.bmp": PictureFactory.bitmap(2, width: 40, height: 30),
        "garten/größe.png": PictureFactory.png(3),
        "wide.png": PictureFactory.png(4, width: 60, height: 8),
    ]

    private static let shared = Task { try await make() }

    /// The library; the first caller waits for the scan.
    static func get() async throws -> DescribedLibrary {
        try await shared.value
    }

    private static func make() async throws -> DescribedLibrary {
        let sandbox = try Sandbox()
        for (name, data) in pictures { try sandbox.write(data, to: name) }
        try sandbox.write(Data("no picture".utf8), to: "broken.jpg")
        let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
        return DescribedLibrary(sandbox: sandbox, scan: scan)
    }

    /// Runs a subcommand on the library.
    func run(_ arguments: ProgramArgument...) async throws -> ProgramResult {
        try await sandbox.run(plainly: sandbox.onCatalogue(arguments))
    }

    /// A picture's whole path.
    func path(_ name: FilePath) -> FilePath { sandbox.pictures.pushing(name) }
}
