import Foundation
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import vignette

@Suite struct LogTests {
    private static let metadata: Logger.Metadata = [
        "asset": .stringConvertible(Int64(12)), "result": "described",
        "stages": ["looked": .stringConvertible(0.25)],
    ]

    @Test func lineOfJSONHasEachValueWithItsKind() throws {
        let line = JSONLog.line(
            .debug, "done\nwith it", Self.metadata, at: Date(timeIntervalSince1970: 0))
        #expect(
            line == #"{"asset":12,"level":"debug","message":"done\nwith it","result":"described","#
                + #""stages":{"looked":0.25},"time":"1970-01-01T00:00:00.000Z"}"# + "\n")
    }

    @Test func entryOfTheJournalHasFields() {
        let entry = JournalLog.entry(.warning, "two\nlines", Self.metadata)
        var expected =
            Array("MESSAGE\n".utf8) + [9, 0, 0, 0, 0, 0, 0, 0] + Array("two\nlines\n".utf8)
        expected += Array(
            "PRIORITY=4\nSYSLOG_IDENTIFIER=vignette\nVIGNETTE_ASSET=12\nVIGNETTE_RESULT=described\n"
                .utf8)
        expected += Array("VIGNETTE_STAGES_LOOKED=0.25\n".utf8)
        #expect(entry == expected)
    }

    @Test func journalGetsWhatIsSentAndItsAbsenceIsNoticed() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("socket")
        #expect(JournalSocket(at: path) == nil)
        let journal = try NotificationSocket(at: path)
        let socket = try #require(JournalSocket(at: path))
        #expect(socket.send(JournalLog.entry(.info, "hello", [:])))
        #expect(journal.messages == ["MESSAGE=hello", "PRIORITY=6", "SYSLOG_IDENTIFIER=vignette"])
    }
}

extension SystemTests {
    @Suite struct LogCommandLineTests {
        @Test func eachFileHasOneLineWithNumbersAndTimes() async throws {
            let sandbox = try Sandbox(["VIGNETTE_LOG_LEVEL": "debug"])
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            let result = try await sandbox.run(
                "scan", "--log-format", "json", ProgramArgument(sandbox.pictures))
            #expect(result.status == 0, "\(result)")
            let lines = result.errorLines.filter { $0.hasPrefix("{") }.compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
            let jobs = lines.filter { $0["kind"] as? String == "describe" }
            #expect(jobs.count == 1, "\(result)")
            let job = try #require(jobs.first)
            #expect(job["level"] as? String == "debug" && job["result"] as? String == "described")
            #expect(job["asset"] is Int && job["work"] is Int && job["seconds"] is Double, "\(job)")
            let stages = try #require(job["stages"] as? [String: Double])
            #expect(Set(stages.keys).isSuperset(of: ["decoded", "model"]), "\(stages)")
        }

        /// What is said of files at other levels does not name them.
        @Test func noFileIsNamedAtInfo() async throws {
            let sandbox = try Sandbox(["VIGNETTE_LOG_LEVEL": "info"])
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            try sandbox.write(Data("none".utf8), to: "broken.png")
            let result = try await sandbox.run(
                "scan", "--log-format", "json", ProgramArgument(sandbox.pictures))
            for line in result.errorLines where line.hasPrefix("{") {
                #expect(!line.contains("boat") && !line.contains("broken"), "\(line)")
            }
        }

        @Test func streamOfTheJournalHasPriorities() async throws {
            let sandbox = try Sandbox(["VIGNETTE_LOG_LEVEL": "debug"])
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            let result = try await sandbox.shell(
                """
                exec 2>errors; export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/2)
                "$PROGRAM" scan --catalogue "$CATALOGUE" pictures >/dev/null || exit
                grep -c '^<7>vignette: debug: .*boat.png: described' errors
                """)
            #expect(result.status == 0 && result.lines == ["1"], "\(result)")
        }
    }
}
