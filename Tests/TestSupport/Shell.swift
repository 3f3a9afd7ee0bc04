import Foundation
public import SystemPackage

/// Runs shell commands to their end, with the test's own environment.
///
/// Not by Foundation's `Process`, whose `waitUntilExit` now and then sleeps on beside an ended child
/// where tests start programs from several threads.
///
/// - Parameters:
///   - commands: For sh(1).
///   - arguments: What the commands find as `$1`, `$2` and so on.
///   - folder: Where to run them; `nil` for the test's own folder.
/// - Returns: What they left.
/// - Throws: `ProgramLaunch.Failure`.
@discardableResult
public func shell(
    _ commands: String, _ arguments: [ProgramArgument] = [], in folder: FilePath? = nil
) throws -> ProgramResult {
    try RunningProgram(
        ProgramLaunch(
            "/bin/sh", ["-euc", ProgramArgument(commands), "sh"] + arguments,
            environment: ProcessInfo.processInfo.environment, workingDirectory: folder)
    ).waitForResult()
}
