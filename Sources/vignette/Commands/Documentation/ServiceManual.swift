/// The manual page of the services.
enum ServiceManual {
    /// The page `vignette.service(8)`.
    static func page(version: String) -> String {
        var page = ManualPage(
            "vignette.service", section: 8,
            summary: "describe new pictures and clips, and show the library",
            version: version)
        page.heading("SYNOPSIS")
        page.paragraph(
            "vignette.service, vignette\\-page.socket, vignette\\-page.service".replacing(
                "\\-", with: "-"))
        page.heading("DESCRIPTION")
        page.discussion(description)
        page.heading("FILES")
        for (file, text) in files { page.item(ManualPage.escaped(file), [text]) }
        page.heading("SEE ALSO")
        page.paragraph(
            "vignette(1), vignette-service(1), vignette-status(1), vignette.yaml(5), systemctl(1), systemd.exec(5)"
        )
        return page.text
    }

    private static let description = """
        vignette.service runs 'vignette watch' as the user 'vignette' on the folders that \
        /etc/vignette/vignette.yaml lists. It reads pictures and writes none, and has no network. \
        vignette-page.socket waits at 127.0.0.1:8417 and starts vignette-page.service, which shows the library, when \
        somebody comes.

        Neither is enabled before somebody says so:

          systemctl enable --now vignette.service
          systemctl enable --now vignette-page.socket

        For one person there are units of the same names among those of the user: 'systemctl --user enable --now \
        vignette'.

        FOLDERS
        The service sees what everybody may read. 'vignette service add-folder' writes drop-ins for folders that only \
        a group may read, and for those in somebody's home, and says what else is to be done.

        RELOADING
        'systemctl reload vignette' has it read its configuration again. What is being described is taken up again by \
        the new settings. A configuration that is wrong is told of in the journal and changes nothing.

        ITS LIBRARY
        Members of the group 'vignette' may look into the library and order work, without becoming another user:

          adduser anna vignette
          vignette status --service
          vignette search --service boat
          vignette retry --service --all

        MODELS
        A model of the service's own goes into its models folder:

          vignette model pull --service --convert 4

        as root or by a member of the group.

        MESSAGES
        They are in the journal with fields of their own, such as VIGNETTE_ASSET and VIGNETTE_RESULT; at log.level \
        debug there is one for each file.

          journalctl -u vignette -o json VIGNETTE_KIND=describe
        """

    private static let files = [
        ("/etc/vignette/vignette.yaml", "The configuration."),
        ("/var/lib/vignette", "The catalogue, and the models folder."),
        ("/var/cache/vignette", "Small pictures, which are made again when they are missing."),
        (
            "/etc/systemd/system/vignette.service.d",
            "Drop-ins, such as those of 'vignette service add-folder'."
        ),
    ]
}
