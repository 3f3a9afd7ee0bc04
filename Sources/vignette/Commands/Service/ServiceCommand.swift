import ArgumentParser

/// What concerns the system's service.
struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Let the system's service see more folders.",
        discussion: """
            The service is vignette.service, which systemd runs. What it says of its library is shown by other commands \
            with --service, such as 'vignette status --service'.

            EXAMPLES
              vignette service add-folder /srv/photos --dry-run
            """,
        subcommands: [AddFolderCommand.self])
}
