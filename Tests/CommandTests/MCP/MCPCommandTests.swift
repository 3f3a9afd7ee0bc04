import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// An assistant's side of the built program.
    @Suite struct MCPCommandTests {
        private static let greeting = [
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        ]

        /// Says lines behind the greeting, and returns the answers by their ids.
        private func answers(
            to lines: [String], _ options: String = "", in library: DescribedLibrary
        ) async throws -> [Int: [String: Any]] {
            let file = try TemporaryDirectory()
            let requests = file.path.appending("requests")
            try Data((Self.greeting + lines).joined(separator: "\n").utf8).write(
                toExactly: requests)
            let result = try await library.sandbox.shell(
                "\"$PROGRAM\" mcp --catalogue \"$CATALOGUE\" \(options) < \"$1\"",
                arguments: [requests])
            #expect(result.status == 0, "\(result)")
            var answers: [Int: [String: Any]] = [:]
            for line in result.lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                let answer = try #require(object as? [String: Any])
                let id = answer["id"] as? Int ?? -1
                #expect(answers.updateValue(answer, forKey: id) == nil, "\(id) twice")
            }
            return answers
        }

        private func call(_ id: Int, _ tool: String, _ arguments: String) -> String {
            """
            {"jsonrpc":"2.0","id":\(id),"method":"tools/call","params":{"name":"\(tool)",\
            "arguments":\(arguments)}}
            """
        }

        private func structure(_ answer: [String: Any]?) throws -> [String: Any] {
            let result = try #require(answer?["result"] as? [String: Any], "\(answer ?? [:])")
            #expect(result["isError"] as? Bool == false, "\(result)")
            return try #require(result["structuredContent"] as? [String: Any])
        }

        private func isFailure(_ answer: [String: Any]?) -> Bool {
            (answer?["result"] as? [String: Any])?["isError"] as? Bool == true
        }

        @Test func everyToolAnswers() async throws {
            let library = try await DescribedLibrary.get()
            let boat = library.path("beach/boat.png").string
            let answers = try await answers(
                to: [
                    #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
                    call(2, "search", #"{"query":"boat"}"#),
                    call(3, "show", #"{"paths":["\#(boat)","/etc/passwd"]}"#),
                    call(4, "similar", #"{"paths":["\#(boat)"]}"#),
                    call(5, "moments", #"{"query":"boat"}"#),
                    call(6, "ask", #"{"paths":["\#(boat)"],"question":"What is it?"}"#),
                    call(7, "search", #"{"query":"in:2019-99"}"#),
                    call(8, "similar", #"{"paths":["/etc/passwd"]}"#),
                ], in: library)
            let tools = (answers[1]?["result"] as? [String: Any])?["tools"] as? [[String: Any]]
            #expect(
                tools?.compactMap { $0["name"] as? String }
                    == ["search", "show", "similar", "moments", "ask"])
            let found = try structure(answers[2])["results"] as? [[String: Any]]
            #expect(found?.first?["paths"] as? [String] != nil)
            #expect((found?.first?["path"] as? String)?.hasSuffix("boat.png") == true)
            let shown = try structure(answers[3])
            #expect((shown["files"] as? [[String: Any]])?.first?["path"] as? String == boat)
            #expect(shown["unknown"] as? [String] == ["/etc/passwd"])
            #expect(try structure(answers[4])["results"] is [Any])
            #expect(try structure(answers[5])["moments"] is [Any])
            #expect(try structure(answers[6])["answer"] is String)
            #expect(isFailure(answers[7]) && isFailure(answers[8]))
        }

        @Test func aFolderNarrowsEverything() async throws {
            let library = try await DescribedLibrary.get()
            let mountain = library.path("mountain.bmp").string
            let lines = [
                call(1, "search", #"{"query":""}"#),
                call(2, "show", #"{"paths":["\#(mountain)"]}"#),
                call(3, "similar", #"{"paths":["\#(mountain)"]}"#),
                call(4, "ask", #"{"paths":["\#(mountain)"],"question":"What is it?"}"#),
                call(5, "similar", #"{"paths":["\#(library.path("beach/boat.png"))"]}"#),
            ]
            let folder = library.path("beach").string
            let answers = try await answers(to: lines, "--folder '\(folder)'", in: library)
            let found = try #require(try structure(answers[1])["results"] as? [[String: Any]])
            #expect(found.count == 1)
            for path in found.flatMap({ $0["paths"] as? [String] ?? ["?"] }) {
                #expect(path.hasPrefix(folder + "/"))
            }
            #expect(try structure(answers[2])["unknown"] as? [String] == [mountain])
            #expect(isFailure(answers[3]) && isFailure(answers[4]))
            #expect((try structure(answers[5])["results"] as? [Any])?.isEmpty == true)
        }

        @Test func thumbnailsAreSmallPictures() async throws {
            let library = try await DescribedLibrary.get()
            let read = { (id: Int, address: String) in
                """
                {"jsonrpc":"2.0","id":\(id),"method":"resources/read","params":{"uri":"\(address)"}}
                """
            }
            let first = try await answers(
                to: [call(1, "search", #"{"query":"boat"}"#)], in: library)
            let found = try structure(first[1])["results"] as? [[String: Any]]
            let address = try #require(found?.first?["thumbnail"] as? String)
            let lines = [
                read(1, address), read(2, address + "0000"), read(3, "file:///etc/passwd"),
            ]
            let whole = try await answers(to: lines, in: library)
            let contents = (whole[1]?["result"] as? [String: Any])?["contents"] as? [[String: Any]]
            let jpeg = Data(base64Encoded: contents?.first?["blob"] as? String ?? "")
            #expect(jpeg?.starts(with: [0xFF, 0xD8]) == true, "\(whole)")
            for id in 2...3 {
                #expect((whole[id]?["error"] as? [String: Any])?["code"] as? Int == -32002)
            }
            let garten = library.path("garten").string
            let narrow = try await answers(
                to: [read(1, address)], "--folder '\(garten)'", in: library)
            #expect((narrow[1]?["error"] as? [String: Any])?["code"] as? Int == -32002)
        }

        @Test func hostileMessagesWriteNothing() async throws {
            let library = try await DescribedLibrary.get()
            let before = try Self.contents(of: library)
            var generator = SeededGenerator(seed: 16)
            let seeds = [
                call(1, "search", #"{"query":"boat","limit":3}"#),
                call(1, "show", #"{"paths":["\#(library.path("wide.png"))"]}"#),
                call(1, "similar", #"{"paths":["\#(library.path("wide.png"))"]}"#),
                #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vignette://thumbnail/1"}}"#,
                String(repeating: "[", count: 10_000), String(repeating: "x", count: 1 << 21),
            ]
            var bytes = Data((Self.greeting.joined(separator: "\n") + "\n").utf8)
            for number in 0..<1000 {
                let line = number % 50 == 49 ? seeds[4 + number / 50 % 2] : seeds[number % 4]
                bytes += Data(
                    number % 50 == 49
                        ? Array(line.utf8) : mutated(Array(line.utf8), using: &generator))
                bytes += Data("\n".utf8)
            }
            bytes += Data(#"{"jsonrpc":"2.0","id":"end","method":"ping"}"#.utf8)
            let folder = try TemporaryDirectory()
            let requests = folder.path.appending("requests")
            try bytes.write(toExactly: requests)
            let result = try await library.sandbox.shell(
                "\"$PROGRAM\" mcp --catalogue \"$CATALOGUE\" < \"$1\"", arguments: [requests])
            #expect(result.status == 0, "\(result.ending) \(result.errorText.suffix(500))")
            #expect(result.text.contains(#"{"id":"end","jsonrpc":"2.0","result":{}}"#))
            #expect(try Self.contents(of: library) == before)
        }

        /// The catalogue's bytes, and every other file below the sandbox with its size and time of change; not what
        /// SQLite shares between processes.
        private static func contents(of library: DescribedLibrary) throws -> [String: String] {
            var found = [
                "catalogue": try Data(exactly: library.sandbox.catalogue).base64EncodedString()
            ]
            let root = library.sandbox.path.string
            for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String })
                ?? []
            where !name.hasSuffix("-shm") {
                let facts = try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
                guard facts[.type] as? FileAttributeType == .typeRegular else { continue }
                found[name] =
                    "\(facts[.size] ?? 0) \((facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
            }
            return found
        }
    }
}
