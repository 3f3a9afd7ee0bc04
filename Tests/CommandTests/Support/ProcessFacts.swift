import Foundation
import Glibc

/// What the kernel says of a process in /proc.
struct ProcessFacts {
    let processID: pid_t

    /// Resident memory in kibibytes.
    var residentKiB: Int { get throws { try Self.number("VmRSS", in: status("self")) } }

    /// The most resident memory that it ever had, in kibibytes.
    var peakKiB: Int { get throws { try Self.number("VmHWM", in: status("self")) } }

    /// The most address space that it ever had, in kibibytes.
    var peakAddressKiB: Int { get throws { try Self.number("VmPeak", in: status("self")) } }

    /// How often any of its threads has been put on a processor, since each began.
    var contextSwitches: Int {
        get throws {
            try threads().reduce(0) { sum, thread in
                let text = try status("task/\(thread)")
                return sum + (try Self.number("voluntary_ctxt_switches", in: text))
                    + (try Self.number("nonvoluntary_ctxt_switches", in: text))
            }
        }
    }

    /// Processor time in clock ticks, user and system.
    var processorTicks: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
            // The name, in parentheses, may hold anything; fields 14 and 15 are the times.
            let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
            guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return user + system
        }
    }

    /// Processes whose parent this is.
    var children: [pid_t] {
        let lists = (try? threads()) ?? []
        return lists.flatMap { thread in
            let path = "/proc/\(processID)/task/\(thread)/children"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Whether it still runs; a zombie does not.
    var isAlive: Bool {
        guard let text = try? status("self") else { return false }
        return !text.contains("State:\tZ")
    }

    /// The names of the threads, for the message of a failed test.
    var threadSummary: String {
        let names = ((try? threads()) ?? []).map { thread in
            let text = (try? status("task/\(thread)")) ?? ""
            let name = text.split(separator: "\n").first.map(String.init) ?? "?"
            let switches = (try? Self.number("voluntary_ctxt_switches", in: text)) ?? -1
            return "\(name) \(switches)"
        }
        return names.joined(separator: "; ")
    }

    private func threads() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/task")
    }

    private func status(_ part: String) throws -> String {
        let folder = part == "self" ? "" : part + "/"
        return try String(contentsOfFile: "/proc/\(processID)/\(folder)status", encoding: .utf8)
    }

    private static func number(_ key: String, in text: String) throws -> Int {
        for line in text.split(separator: "\n") where line.hasPrefix("\(key):") {
            let digits = line.filter(\.isNumber)
            if let number = Int(digits) { return number }
        }
        throw CocoaError(.fileReadCorruptFile)
    }
}
