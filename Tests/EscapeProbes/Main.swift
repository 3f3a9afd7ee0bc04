import CEscapeProbes
import Glibc
import MediaCodecs
import MediaDecoding

/// A decoding child that has been taken over: locks itself in as the decoder does, then tries to get out.
///
/// The argument is the attempt's number. It ends with status 0 if it succeeded, with 1 if it was
/// refused, with 2 if it was not locked in at all, or by SIGSYS. With `free` behind the number it makes
/// the attempt without being locked in, which shows that it is one.
@main
struct Main {
    static func main() {
        guard let number = CommandLine.arguments.dropFirst().first.flatMap(Int32.init) else {
            exit(64)
        }
        if CommandLine.arguments.last != "free" {
            let report = Sandbox.enter(.standard, socket: STDIN_FILENO)
            guard report.problem == nil else { exit(2) }
        }
        // Statuses are eight bits; that it was refused is enough.
        exit(vignette_escape(number) == 0 ? 0 : 1)
    }
}
