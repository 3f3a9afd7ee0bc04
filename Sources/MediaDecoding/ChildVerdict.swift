import Glibc
import SystemPackage

/// Puts into words why a child gave no answer.
struct ChildVerdict: CustomStringConvertible {
    let fault: ChildFault
    let ending: ChildProcess.Ending
    let lastWords: String
    let limits: DecoderLimits

    var description: String {
        switch fault {
        case .timedOut:
            "the decoder gave no answer for \(Self.seconds(limits.wallSeconds)) and was stopped"
        case .closed: lastWords.isEmpty ? death : "\(death) (\(lastWords))"
        case .nonsense(let what): "the decoder is not to be trusted: \(what)"
        case .cannotStart(let code), .system(let code): "the decoder cannot be reached: \(code)"
        }
    }

    private var death: String {
        switch ending {
        case .signalled(SIGXCPU):
            "the decoder used more than \(limits.cpuSeconds) s of processor time and was stopped"
        case .signalled(SIGKILL):
            "the decoder was killed (signal 9), by the system for lack of memory or by a person"
        case .signalled(SIGSYS):
            "the decoder did what decoding does not need and was stopped (signal 31)"
        case .signalled(let signal): "the decoder crashed (signal \(signal))"
        case .exited(let status): "the decoder ended with status \(status)"
        case .unknown: "the decoder ended"
        }
    }

    /// The reason why there is no child at all.
    static func describe(_ fault: ChildFault, executable: FilePath) -> String {
        switch fault {
        case .cannotStart(let code): "\(executable) cannot be started: \(code)"
        case .system(let code): "\(executable) cannot be started: \(code)"
        case .timedOut, .closed, .nonsense: "\(executable) cannot be started"
        }
    }

    private static func seconds(_ value: Double) -> String {
        value.rounded() == value ? "\(Int(value)) s" : "\(value) s"
    }
}
