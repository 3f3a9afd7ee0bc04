import Glibc
import MediaCodecs
import MediaDecoding
import SystemPackage

/// The decoding child: everything it does is in MediaCodecs.
@main
struct Main {
    static let usage = """
        vignette-decoder decodes pictures and clips for vignette, which starts it by itself.
        It reads requests from its standard input and writes pixels to its standard output;
        there is nothing to do with it by hand. See `vignette --help`.

        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.first == "--serve",
            let limits = DecoderLimits(arguments: arguments.dropFirst())
        else {
            let isHelp = arguments.first == "--help" || arguments.first == "-h"
            let output: FileDescriptor = isHelp ? .standardOutput : .standardError
            _ = try? output.writeAll(usage.utf8)
            exit(isHelp ? 0 : 2)
        }
        DecoderService(limits: limits, input: STDIN_FILENO, output: STDOUT_FILENO).run()
    }
}
