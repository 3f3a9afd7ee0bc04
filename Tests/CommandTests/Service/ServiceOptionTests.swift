import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// The service's library for members of its group.
    @Suite(
        .enabled("run as root, where others see the program") {
            geteuid() == 0 && OtherAccounts.seePrograms
        })
    struct ServiceOptionTests {
        /// An account that owns nothing here, and the service's.
        private static let (member, account): (uid_t, gid_t) = (65_533, 65_532)

        /// A library in a state folder as systemd makes it, and a program that a member can run.
        private static func library() async throws -> Sandbox {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            try sandbox.write(Data("none".utf8), to: "broken.png")
            let state = sandbox.catalogue.removingLastComponent()
            try FileManager.default.createDirectory(
                atPath: state.string, withIntermediateDirectories: true)
            chown(state.string, account, account)
            chmod(state.string, 0o2770)
            for path in [sandbox.path, sandbox.pictures] { chmod(path.string, 0o755) }
            let settings = "catalogue: \(sandbox.catalogue.string)\nmodel: \(model.string)\n"
            try Data((settings + "folders: [\(sandbox.pictures.string)]\n").utf8).write(
                toExactly: sandbox.path.appending("service.yaml"))
            let scan = try await run(
                sandbox, account,
                "umask 0007; exec \"$PROGRAM\" scan --service --config service.yaml")
            try #require(scan.status == 0, "\(scan)")
            return sandbox
        }

        private static var model: FilePath { BuildProducts.checkout.appending("Models/demo") }

        private static func run(
            _ sandbox: Sandbox, _ user: uid_t, _ script: String,
            groups: String = "--groups=\(account)"
        ) async throws -> ProgramResult {
            try await sandbox.shell(
                "unset ${!VIGNETTE_*}; export HOME=/nonexistent XDG_CONFIG_HOME=; exec setpriv --reuid=\(user) "
                    + "--regid=\(user) \(groups) bash -c '\(script)'")
        }

        @Test func memberSeesAndOrdersWork() async throws {
            let sandbox = try await Self.library()
            let commands = [
                "status": sandbox.pictures.string, "search": "boat.png",
                "retry --all": "1 file will be tried again",
                "redo --dry-run": "0 pictures",
                "edit \(sandbox.pictures.string)/boat.png --tag ours": "",
            ]
            for (command, text) in commands.sorted(by: { $0.key < $1.key }) {
                let result = try await Self.run(
                    sandbox, Self.member,
                    "exec \"$PROGRAM\" \(command) --service --config service.yaml")
                #expect(result.status == 0, "\(command): \(result)")
                #expect(text.isEmpty || result.text.contains(text), "\(command): \(result)")
            }
            // The service still owns or shares all that is there, and goes on.
            let again = try await Self.run(
                sandbox, Self.account,
                "umask 0007; exec \"$PROGRAM\" scan --service --config service.yaml")
            #expect(again.status == 0, "\(again)")
            for file in FileTree.walk(sandbox.catalogue.removingLastComponent())
            where file.type == S_IFREG {
                var status = stat()
                #expect(stat(file.path.string, &status) == 0)
                #expect(
                    status.st_gid == Self.account && status.st_mode & 0o007 == 0, "\(file.path)")
                #expect(status.st_mode & 0o060 == 0o060, "\(file.path)")
            }
        }

        @Test func strangerIsToldOfTheGroup() async throws {
            let sandbox = try await Self.library()
            let result = try await Self.run(
                sandbox, Self.member, "exec \"$PROGRAM\" status --service --config service.yaml",
                groups: "--clear-groups")
            #expect(result.status == 1 && result.complaints.count == 1, "\(result)")
            #expect(result.errorText.contains("adduser"), "\(result)")
        }

        /// A person's folder that happens to be writable for others is none to share.
        @Test func catalogueElsewhereIsItsOwnersAlone() async throws {
            let sandbox = try Sandbox()
            let state = sandbox.catalogue.removingLastComponent()
            try FileManager.default.createDirectory(
                atPath: state.string, withIntermediateDirectories: true)
            chmod(state.string, 0o1777)
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            for file in FileTree.walk(state) where file.type == S_IFREG {
                var status = stat()
                #expect(
                    stat(file.path.string, &status) == 0 && status.st_mode & 0o077 == 0,
                    "\(file.path)")
            }
        }
    }
}

/// The accounts of this machine that own nothing of this checkout.
enum OtherAccounts {
    /// Whether other accounts can run what was built.
    static var seePrograms: Bool {
        var folder = BuildProducts.folder
        while folder.lastComponent != nil {
            var status = stat()
            guard stat(folder.string, &status) == 0, status.st_mode & 0o001 != 0 else {
                return false
            }
            folder.removeLastComponent()
        }
        return true
    }
}
