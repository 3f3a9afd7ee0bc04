import FoundationEssentials
import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

/// Children that crash, hang, lie or eat memory, and threads that change their mind.
@Suite struct DecoderFaultTests {
    private let picture = Fixture.path("rgb.png")

    /// What a call throws; `nil` if it succeeds.
    private func failure(_ call: () throws -> Any) -> DecodingError? {
        do {
            _ = try call()
            return nil
        } catch {
            return error as? DecodingError
        }
    }

    /// The reason for which a probe by a child with this script fails.
    private func reason(_ script: String, limits: DecoderLimits = .standard) throws -> String {
        let folder = try TemporaryDirectory()
        let decoder = try Fixture.decoder(script: script, in: folder, limits: limits)
        guard case .childFailed(let path?, let reason) = failure({ try decoder.probe(picture) })
        else { return "no failure of a child" }
        #expect(path == picture)
        return reason
    }

    @Test func saysHowAChildDied() throws {
        #expect(try reason("kill -SEGV $$") == "the decoder crashed (signal 11)")
        #expect(try reason("exit 3") == "the decoder ended with status 3")
        #expect(try reason("kill -XCPU $$").contains("processor time"))
        #expect(
            try reason("echo out of luck >&2; exit 1")
                == "the decoder ended with status 1 (out of luck)")
    }

    @Test func keepsOnlyTheEndOfALongComplaint() throws {
        let reason = try reason("yes complaint | head -c 1000000 >&2; echo the end >&2; exit 1")
        #expect(reason.hasSuffix("the end)") && reason.utf8.count < 4096)
    }

    @Test func stopsAChildThatHangs() throws {
        var limits = DecoderLimits.standard
        limits.wallSeconds = 0.2
        #expect(
            try reason("exec sleep 1000", limits: limits)
                == "the decoder gave no answer for 0.2 s and was stopped")
    }

    @Test(arguments: [
        "\\377\\001\\000\\000\\000x",  // an unknown tag
        "\\001\\377\\377\\377\\377",  // a probe of 4 GB
        "\\001\\002\\000\\000\\000{}",  // a probe without content
        "\\002\\004\\000\\000\\000abcd",  // a picture without a header
        "\\002\\023\\000\\000\\000\\377\\377\\377\\377\\377\\377\\377\\377\\0\\0\\0\\0\\0\\0\\0\\0abc",
        "\\004\\001\\000\\000\\000a",  // an errno of one byte
    ])
    func believesNothingThatCannotBe(_ bytes: String) throws {
        let reason = try reason("printf '\(bytes)'; exec sleep 1000")
        #expect(reason.hasPrefix("the decoder is not to be trusted"), "\(reason)")
    }

    @Test func saysWhichProgramCannotBeStarted() throws {
        let decoder = Decoder(executable: "/nowhere/vignette-decoder")
        #expect(
            throws: DecodingError.childFailed(
                nil,
                reason: "/nowhere/vignette-decoder cannot be started: No such file or directory")
        ) { try decoder.probe(picture) }
    }

    @Test func startsAFreshChildAfterEachFault() throws {
        let folder = try TemporaryDirectory()
        let decoder = try Fixture.decoder(script: "exit 3", in: folder)
        for _ in 0..<3 {
            #expect(throws: DecodingError.self) { try decoder.probe(picture) }
        }
        let real = try DecoderLocation.find().string
        let script = "#!/bin/sh\nexec '\(real)' \"$@\"\n"
        try Fixture.write(
            Array(script.utf8), to: folder.path.appending("child"),
            permissions: .ownerReadWriteExecute)
        #expect(try decoder.probe(picture).format == "png")
    }

    @Test func limitsTheMemoryOfAChild() throws {
        var limits = DecoderLimits.standard
        limits.memoryBytes = 400 << 20
        let decoder = try Fixture.decoder(limits: limits)
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("bomb.png")
        // 14,000 × 14,000 pixels by the header, which pass the limit on pixels and need 588 MB.
        var bytes = try Fixture.bytes("420.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xff, 0xc0]) })
        bytes.replaceSubrange(frame + 5..<frame + 9, with: [0x36, 0xb0, 0x36, 0xb0])
        try Fixture.write(bytes, to: path)
        let error = failure { try decoder.still(path, minimumShortEdge: nil) }
        guard case .childFailed(path, _) = error else {
            Issue.record("\(error.map(String.init(describing:)) ?? "it had the memory")")
            return
        }
        #expect(try decoder.probe(picture).format == "png")
    }

    @Test func cancelEndsTheRunningRequest() throws {
        let folder = try TemporaryDirectory()
        let started = folder.path.appending("started")
        let decoder = try Fixture.decoder(
            script: "touch '\(started)'; exec sleep 1000", in: folder)
        let canceller = Thread {
            while access(started.string, F_OK) != 0 { usleep(1000) }
            decoder.cancel()
        }
        #expect(throws: DecodingError.cancelled) { try decoder.probe(picture) }
        canceller.join()
        decoder.cancel()
    }

    @Test func closeEndsEveryLaterRequest() throws {
        let decoder = try Fixture.decoder()
        #expect(try decoder.probe(picture).format == "png")
        decoder.close()
        decoder.close()
        #expect(throws: DecodingError.cancelled) { try decoder.probe(picture) }
    }

    @Test func cancelAtAnyMomentNeverHarmsTheNextRequest() throws {
        let decoder = try Fixture.decoder()
        for round in 0..<40 {
            let canceller = Thread {
                usleep(UInt32(round * 150))
                decoder.cancel()
            }
            let error = failure { try decoder.probe(picture) }
            #expect(error == nil || error == .cancelled)
            canceller.join()
        }
        #expect(try decoder.probe(picture).format == "png")
    }

    @Test func leavesNoChildBehind() throws {
        let folder = try TemporaryDirectory()
        let pid = folder.path.appending("pid")
        let real = try DecoderLocation.find().string
        do {
            let decoder = try Fixture.decoder(
                script: "echo $$ > '\(pid)'; exec '\(real)' \"$@\"", in: folder)
            _ = try decoder.probe(picture)
        }
        let text = try String(contentsOfFile: pid.string, encoding: .utf8)
        let id = try #require(pid_t(text.dropLast()))
        #expect(kill(id, 0) == -1 && errno == ESRCH)
    }

    @Test func servesAnotherThreadAfterTheOneThatStartedItHasEnded() throws {
        let folder = try TemporaryDirectory()
        let starts = folder.path.appending("starts")
        let real = try DecoderLocation.find().string
        let decoder = try Fixture.decoder(
            script: "echo >> '\(starts)'; exec '\(real)' \"$@\"", in: folder)
        let path = picture
        for _ in 0..<3 {
            Thread { _ = try? decoder.probe(path) }.join()
        }
        #expect(try decoder.probe(picture).format == "png")
        #expect(try String(contentsOfFile: starts.string, encoding: .utf8) == "\n")
    }

    @Test func givesAChildNoDescriptorsOfOurs() throws {
        let folder = try TemporaryDirectory()
        let listing = folder.path.appending("listing")
        let file = open("/dev/null", O_RDONLY)
        // Inheritable, and far above what the shell itself opens.
        let leaked = fcntl(file, F_DUPFD, 200)
        defer { [file, leaked].forEach { close($0) } }
        let decoder = try Fixture.decoder(
            script: "for f in /proc/$$/fd/*; do echo ${f##*/}; done > '\(listing)'; exit 1",
            in: folder)
        #expect(throws: DecodingError.self) { try decoder.probe(picture) }
        let open = try String(contentsOfFile: listing.string, encoding: .utf8)
            .split(separator: "\n").compactMap { Int($0) }
        #expect(leaked >= 200 && open.contains(0) && open.allSatisfy { $0 < 100 }, "\(open)")
    }
}
