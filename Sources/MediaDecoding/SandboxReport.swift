/// Whether a decoding child may work where the system cannot lock it in.
public enum SandboxPolicy: String, CaseIterable, Codable, Sendable {
    /// No: without Landlock and seccomp it decodes nothing.
    case require
    /// Yes, with as much as the system has.
    case prefer
}

/// What keeps a decoding child from anything but decoding.
public struct SandboxReport: Codable, Equatable, Sendable {
    /// The version of Landlock's interface in force; `nil` without it.
    public var landlock: Int?
    /// Whether system calls are filtered.
    public var seccomp: Bool
    /// What the system said of that which is missing; `nil` if nothing is.
    public var problem: String?

    /// Builds a report from its parts.
    public init(landlock: Int?, seccomp: Bool, problem: String? = nil) {
        self.landlock = landlock
        self.seccomp = seccomp
        self.problem = problem
    }
}

extension SandboxReport: CustomStringConvertible {
    /// One line, such as “locked in by Landlock 7 and seccomp”.
    public var description: String {
        let parts = [landlock.map { "Landlock \($0)" }, seccomp ? "seccomp" : nil].compactMap { $0 }
        let inForce =
            parts.isEmpty ? "not locked in" : "locked in by " + parts.joined(separator: " and ")
        return problem.map { "\(inForce) (\($0))" } ?? inForce
    }
}
