import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite(
        .enabled("systemd-analyze is installed") {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")
        }
    ) struct UnitFileTests {
        static let units = [
            "vignette.service", "vignette-user.service", "vignette-page.service",
            "vignette-page-user.service",
        ]

        @Test(arguments: units + ["vignette-work.service"]) func unitIsVerifiedClean(unit: String)
            async throws
        {
            let sandbox = try Sandbox()
            let copy = try Self.copy(unit, to: sandbox)
            let manager = unit.contains("user") ? "--user" : "--system"
            let result = try await sandbox.shell(
                "XDG_RUNTIME_DIR=\"$PWD\" systemd-analyze verify \(manager) --man=no \"$1\"",
                arguments: [copy])
            #expect(result.status == 0, "\(result)")
            // The machine's other units are not ours to judge.
            let own = result.errorLines.filter { $0.contains("vignette") }
            #expect(own.isEmpty, "\(result)")
        }

        /// They are in none of the groups that the units allow.
        @Test(arguments: units) func unitLetsTheDecodingChildLockItselfIn(unit: String) throws {
            let path = BuildProducts.checkout.appending("systemd/\(unit)")
            let text = try String(contentsOfFile: path.string, encoding: .utf8)
            let calls = text.split(separator: "\n").filter { $0.hasPrefix("SystemCallFilter=") }
                .flatMap { $0.dropFirst("SystemCallFilter=".count).split(separator: " ") }
            for call in ["seccomp", "landlock_create_ruleset", "landlock_restrict_self"] {
                #expect(calls.contains { $0 == call }, "\(unit) lacks \(call)")
            }
        }

        /// At most 1.0 of 10.
        ///
        /// Those of a person's own manager are counted as root's, which has no rights there but that person's.
        @Test(arguments: ["vignette.service", "vignette-page.service", "vignette-work.service"])
        func serviceIsExposedLittle(unit: String) async throws {
            let sandbox = try Sandbox()
            let copy = try Self.copy(unit, to: sandbox)
            let result = try await sandbox.shell(
                "systemd-analyze security --offline=true --threshold=10 --no-pager \"$1\"",
                arguments: [copy])
            #expect(result.status == 0, "\(result)")
            #expect(result.text.contains("Overall exposure level"), "\(result)")
        }

        @Test func serviceFeedsTheWatchdogThatItAsksFor() async throws {
            let unit = BuildProducts.checkout.appending("systemd/vignette.service")
            let text = try String(contentsOfFile: unit.string, encoding: .utf8)
            #expect(text.contains("Type=notify"))
            #expect(text.contains(/WatchdogSec=\d/))

            let sandbox = try Sandbox()
            let socket = try NotificationSocket(at: sandbox.path.appending("notify"))
            let daemon = try sandbox.watch(
                settings: [
                    "NOTIFY_SOCKET": socket.path.string, "WATCHDOG_USEC": "400000",
                ])
            try await eventually("it says that it is ready") { socket.messages.contains("READY=1") }
            try await eventually("it feeds the watchdog") {
                socket.messages.filter { $0 == "WATCHDOG=1" }.count >= 3
            }
            _ = try await daemon.stop()
            #expect(socket.messages.contains("STOPPING=1"))
        }

        /// A copy of the unit that starts the program that was built.
        private static func copy(_ unit: String, to sandbox: Sandbox) throws -> FilePath {
            let source = BuildProducts.checkout.appending("systemd/\(unit)")
            let program = try BuildProducts.program("vignette").string
            let text = try String(contentsOfFile: source.string, encoding: .utf8)
                .replacing("/usr/bin/vignette", with: program)
            if unit.contains("page") {
                // The page's service belongs to its socket.
                let socket = BuildProducts.checkout.appending("systemd/vignette-page.socket")
                try FileManager.default.copyItem(
                    atPath: socket.string,
                    toPath: sandbox.path.appending("vignette-page.socket").string)
            }
            let copy = sandbox.path.appending(unit)
            try Data(text.utf8).write(toExactly: copy)
            return copy
        }
    }
}
