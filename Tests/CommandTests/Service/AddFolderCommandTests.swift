import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Modes and groups are told apart by changing them, which takes root.
    @Suite(.enabled("run as root") { geteuid() == 0 }) struct AddFolderCommandTests {
        private static let group: gid_t = 44
        private static var groupName: String { String(cString: getgrgid(group).pointee.gr_name) }

        /// A folder with one picture.
        private static func folder(
            _ sandbox: Sandbox, mode: mode_t, group: gid_t? = nil
        ) throws -> FilePath {
            let picture = try sandbox.write(PictureFactory.png(1), to: "shared/boat.png")
            let folder = picture.removingLastComponent()
            for (path, mode) in [(picture, mode & 0o666), (folder, mode)] {
                if let group { chown(path.string, 1, group) }
                chmod(path.string, mode)
            }
            // The way to it is open.
            for path in [sandbox.path, sandbox.pictures] { chmod(path.string, 0o755) }
            return folder
        }

        private static func add(
            _ sandbox: Sandbox, _ folder: FilePath, _ more: ProgramArgument...
        ) async throws -> ProgramResult {
            try await sandbox.run(
                plainly: ["service", "add-folder", "--root", "system", ProgramArgument(folder)]
                    + more)
        }

        private static func dropIn(_ sandbox: Sandbox, _ unit: String) throws -> String {
            let folder = sandbox.path.appending("system/etc/systemd/system/\(unit).d")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(files.count == 1)
            return try String(
                contentsOfFile: folder.appending(files.first ?? "").string, encoding: .utf8)
        }

        @Test func groupThatMayReadIsGivenToBothUnits() async throws {
            let sandbox = try Sandbox()
            let folder = try Self.folder(sandbox, mode: 0o750, group: Self.group)
            let result = try await Self.add(sandbox, folder)
            #expect(result.status == 0, "\(result)")
            for unit in ["vignette.service", "vignette-page.service"] {
                let text = try Self.dropIn(sandbox, unit)
                #expect(text.contains("SupplementaryGroups=\(Self.groupName)\n"), "\(text)")
                #expect(text.contains("ReadOnlyPaths=\"-\(folder.string)\"\n"), "\(text)")
            }
            #expect(!result.text.contains("Beware"), "\(result)")
            #expect(result.text.contains("systemctl daemon-reload"), "\(result)")
        }

        @Test func folderForEverybodyTakesNoGroup() async throws {
            let sandbox = try Sandbox()
            let folder = try Self.folder(sandbox, mode: 0o755)
            _ = try await Self.add(sandbox, folder)
            let text = try Self.dropIn(sandbox, "vignette.service")
            #expect(!text.contains("SupplementaryGroups"), "\(text)")
        }

        @Test func folderThatOnlyItsOwnerMayReadIsNamedWithWhatHelps() async throws {
            let sandbox = try Sandbox()
            let folder = try Self.folder(sandbox, mode: 0o700)
            let result = try await Self.add(sandbox, folder)
            #expect(result.status == 0, "\(result)")
            #expect(result.text.contains("chmod -R g+rX \(folder.string)"), "\(result)")
            var status = stat()
            #expect(stat(folder.string, &status) == 0 && status.st_mode & 0o777 == 0o700)
        }

        @Test func groupOfRootIsGivenToNobody() async throws {
            let sandbox = try Sandbox()
            let folder = try Self.folder(sandbox, mode: 0o750, group: 0)
            let result = try await Self.add(sandbox, folder)
            #expect(!(try Self.dropIn(sandbox, "vignette.service")).contains("SupplementaryGroups"))
            #expect(result.text.contains("group root"), "\(result)")
        }

        @Test func sidecarsTakeTheRightToWrite() async throws {
            let sandbox = try Sandbox()
            let folder = try Self.folder(sandbox, mode: 0o770, group: Self.group)
            _ = try await Self.add(sandbox, folder, "--sidecars")
            let text = try Self.dropIn(sandbox, "vignette.service")
            #expect(text.contains("ReadWritePaths=\"-\(folder.string)\"\n"), "\(text)")
        }

        @Test func nothingIsWrittenInADryRun() async throws {
            let sandbox = try Sandbox()
            let folder = try Self.folder(sandbox, mode: 0o755)
            let result = try await Self.add(sandbox, folder, "--dry-run")
            #expect(result.status == 0 && result.text.contains("would write"), "\(result)")
            #expect(
                !FileManager.default.fileExists(atPath: sandbox.path.appending("system").string))
        }

        @Test(arguments: ["/", "/etc", "/home", "/nowhere/at/all"])
        func whatIsNoFolderOfPicturesIsRefused(path: String) async throws {
            let result = try await Self.add(Sandbox(), FilePath(path))
            #expect(result.status == 1 && result.complaints.count == 1, "\(result)")
        }

        /// A home's folder alone is shown to the service, and systemd reads the drop-in as it is meant.
        @Test(
            .enabled(if: MountNamespace.isAvailable, Comment(rawValue: MountNamespace.requirement)),
            .enabled("systemd-analyze is installed") {
                FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")
            })
        func folderInAHomeIsShownAloneAndItsNameIsQuoted() async throws {
            let sandbox = try Sandbox()
            let unit = BuildProducts.checkout.appending("systemd/vignette.service")
            let result = try await sandbox.shell(
                """
                mkdir -p homes "homes/anna/My Pictures: 100% \\"mine\\"" system/etc/systemd/system
                sed "s|/usr/bin/vignette|$PROGRAM|" "$1" > system/etc/systemd/system/vignette.service
                unshare -m sh -ec '
                    mount --make-rprivate / && mount --bind homes /home
                    "$PROGRAM" service add-folder --root system "/home/anna/My Pictures: 100% \\"mine\\""
                    systemd-analyze verify --man=no system/etc/systemd/system/vignette.service'
                """, arguments: [unit])
            #expect(result.status == 0, "\(result)")
            #expect(!result.errorLines.contains { $0.contains("folder-") }, "\(result)")
            let text = try Self.dropIn(sandbox, "vignette.service")
            #expect(text.contains("ProtectHome=tmpfs\n"), "\(text)")
            #expect(
                text.contains(#"BindReadOnlyPaths="-/home/anna/My Pictures: 100%% \"mine\"""#),
                "\(text)")
        }
    }
}
