import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct JobTraceTests {
    @Test func lineNamesTheFileAndFieldsDoNot() throws {
        var trace = JobTrace("job 12")
        trace.finished("looked")
        trace.goesOn(as: "work 5")
        trace.finished("model", note: "3 together")
        let line = trace.line("/p/a.jpg", "described")
        let form =
            #/job 12, work 5: /p/a\.jpg: described in \d+\.\d{3} s \(looked \d+\.\d{3}, model, 3 together \d+\.\d{3}\)/#
        #expect(line.wholeMatch(of: form) != nil, "\(line)")
        let metadata = trace.metadata("described")
        #expect(metadata["result"] == "described")
        guard case .dictionary(let stages) = try #require(metadata["stages"]) else {
            Issue.record("stages are no values by name")
            return
        }
        #expect(Set(stages.keys) == ["looked", "model"])
        #expect(!"\(metadata)".contains("a.jpg"))
    }

    @Test func stepThatIsTakenTwiceCountsTwice() throws {
        var trace = JobTrace("work 1")
        trace.finished("looked")
        trace.finished("looked")
        guard case .dictionary(let stages) = try #require(trace.metadata("described")["stages"])
        else {
            Issue.record("stages are no values by name")
            return
        }
        #expect(stages.count == 1)
    }
}
