import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// A picture is described once, whatever becomes of its files.
    @Suite struct IdentityTests {
        @Test func movesCopiesTouchesAndMetadataNeverRunTheModelAgain() async throws {
            let sandbox = try Sandbox(["VIGNETTE_WATCHING_GRACE": "30"])
            let path = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let daemon = try sandbox.watch()
            try await Self.expect(sandbox, files: 1)
            let runs = try CatalogueReader(sandbox.catalogue).modelRuns()
            #expect(runs.count == 1)

            // Copied, linked, renamed across folders, touched, and given another comment.
            try sandbox.write(PictureFactory.png(1), to: "copies/two.png")
            let three = sandbox.pictures.appending("three.png")
            _ = path.withPlatformString { from in
                three.withPlatformString { link(from, $0) }
            }
            try await Self.expect(sandbox, files: 3)
            let moved = sandbox.pictures.appending("copies/moved.png")
            _ = path.withPlatformString { from in
                moved.withPlatformString { rename(from, $0) }
            }
            _ = three.withPlatformString { utimensat(AT_FDCWD, $0, nil, 0) }
            try sandbox.write(PictureFactory.png(1, comment: "Holiday"), to: "copies/two.png")
            try await eventually("all is noticed") {
                let files = try CatalogueReader(sandbox.catalogue).files()
                return files.contains { $0.path == moved && $0.isDescribed }
            }
            try await eventually("rest") {
                let status = try await sandbox.status()
                return status.queued == 0 && status.described >= 3
            }
            #expect(try CatalogueReader(sandbox.catalogue).modelRuns() == runs)
            #expect(daemon.output.lines.count == 1)
            #expect(try await daemon.stop().status == 0)
        }

        @Test func descriptionOutlivesARestartAndAMoveWhileNobodyWatched() async throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write(PictureFactory.png(1), to: "one.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let runs = try CatalogueReader(sandbox.catalogue).modelRuns()
            let target = sandbox.pictures.appending("elsewhere.png")
            _ = path.withPlatformString { from in
                target.withPlatformString { rename(from, $0) }
            }
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.isEmpty, "\(scan)")
            #expect(try CatalogueReader(sandbox.catalogue).modelRuns() == runs)
            #expect(try await sandbox.show(target)?.state == "described")
        }

        @Test func changedPictureIsDescribedAnew() async throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write(PictureFactory.png(1), to: "one.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            try sandbox.write(PictureFactory.png(2, width: 20, height: 20), to: "one.png")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.count == 1, "\(scan)")
            #expect(try await sandbox.show(path)?.width == 20)
        }

        @Test func folderThatVanishesKeepsItsDescriptions() async throws {
            let sandbox = try Sandbox(["VIGNETTE_WATCHING_GRACE": "0"])
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let daemon = try sandbox.watch()
            try await Self.expect(sandbox, files: 1)
            let away = sandbox.path.appending("away")
            try FileManager.default.moveItem(
                atPath: sandbox.pictures.string, toPath: away.string)
            try await eventually("the folder is offline") {
                try await sandbox.status().roots.first?.state == "offline"
            }
            #expect(try await sandbox.status().roots.first?.reason?.isEmpty == false)
            #expect(try await sandbox.run("search", "one").lines.count == 1)
            _ = try await daemon.stop()
            try FileManager.default.moveItem(
                atPath: away.string, toPath: sandbox.pictures.string)
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.isEmpty, "\(scan)")
            #expect(try await sandbox.status().described == 1)
        }

        private static func expect(_ sandbox: Sandbox, files: Int) async throws {
            try await eventually("\(files) files are described") {
                (try? await sandbox.status())?.described == files
            }
        }
    }
}
