import CHEIF
import CLibAV
import CProcess
import CRawShim
import CSandbox
import FoundationEssentials
import Glibc
public import MediaDecoding
import SystemPackage

/// Locks this process in: no files, no network, no other processes, few system calls, limits.
public enum Sandbox {
    /// Descriptors that may be open: the three standard ones, the file, and some for what arrives.
    private static let descriptors: UInt64 = 32

    /// Gives up whatever decoding does not need, for the rest of the process's life.
    ///
    /// - Parameters:
    ///   - limits: Memory, and whether a system that lacks something will do.
    ///   - socket: The connection at whose end the process ends.
    /// - Returns: What is in force.
    public static func enter(_ limits: DecoderLimits, socket: Int32) -> SandboxReport {
        prepareLibraries()
        clearenv()
        vignette_limit_process(UInt64(limits.memoryBytes), descriptors)
        // Landlock holds for this thread and its later ones, seccomp for all that there are.
        let landlock = vignette_deny_files()
        vignette_die_with_peer(socket)
        let seccomp = vignette_deny_calls()
        let problems = [
            landlock > 0 ? nil : "no Landlock: \(Errno(rawValue: -landlock))",
            seccomp == 0 ? nil : "no seccomp: \(Errno(rawValue: -seccomp))",
        ].compactMap { $0 }
        return SandboxReport(
            landlock: landlock > 0 ? Int(landlock) : nil, seccomp: seccomp == 0,
            problem: problems.isEmpty ? nil : problems.joined(separator: ", "))
    }

    /// Lets libraries load and look up what they want while files can still be opened.
    private static func prepareLibraries() {
        av_log_set_level(AV_LOG_QUIET)
        // Newer versions of libheif load their codecs as plug-ins.
        _ = heif_init(nil)
        _ = XMPPacket.isReady
        vignette_raw_use_one_thread()
        tzset()
        _ = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        _ = sysconf(Int32(_SC_PHYS_PAGES))
        _ = try? JSONEncoder().encode(SandboxReport(landlock: nil, seccomp: false))
    }
}
