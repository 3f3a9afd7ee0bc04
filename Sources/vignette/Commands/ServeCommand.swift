public import ArgumentParser
import Daemon
import Foundation
import Glibc
import MediaDecoding
import SystemPackage
public import Web

/// Shows the library in a browser.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show the library in a browser.",
        discussion: """
            A page for people who look at pictures: the timeline, searches with the language of 'vignette search', each \
            picture with what is known of it and what the model looked at, clips with their stretches, duplicates side by \
            side, and how the work goes. It reads the catalogue while 'vignette watch' writes, and writes what people say \
            of their pictures; small pictures that it made are kept in the cache folder.

            Without more it is this machine's alone, and lets in who has a link of 'vignette open', which is good once. \
            Another address needs a password, set with --set-password, and a proxy before it that speaks TLS; the \
            proxy's name is allowed with --name, and the proxy has to hand 'Host' on as it came. Whoever guesses \
            passwords has to wait longer and longer; with --proxy, the address of the proxy, clients behind it are told \
            apart by what it says in X-Forwarded-For, which is believed from nobody else.

            Ctrl-C ends it. Under systemd it takes the socket that it is handed.

            EXAMPLES
              vignette serve
              vignette serve --listen 127.0.0.1:9000
              vignette serve --set-password
              vignette serve --name photos.example.org --proxy 127.0.0.1
            """)

    @Option(
        help: ArgumentHelp(
            "Where to listen: a numeric address and a port.", valueName: "address:port"))
    var listen: ListenAddress?

    @Option(
        help: ArgumentHelp(
            "A further name by which it may be asked for; may be repeated.", valueName: "host"))
    var name: [String] = []

    @Option(
        help: ArgumentHelp(
            "The address of a proxy whose X-Forwarded-For is believed; may be repeated.",
            valueName: "address"))
    var proxy: [String] = []

    @Option(
        help: ArgumentHelp(
            "Most MiB that small pictures may take; thumbnails.size of the configuration otherwise.",
            valueName: "mib"))
    var cache: Int?

    @Flag(help: "Ask for a password, keep its hash, and end all sessions; nothing is served.")
    var setPassword = false

    @OptionGroup var log: LogOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard cache.map((1...1 << 24).contains) ?? true else {
            throw ValidationError("--cache must be at least 1 MiB")
        }
    }

    func run() throws {
        let settings = try common.settings(log.flags)
        if setPassword { return try NewPassword.ask(for: PageFolder(of: settings.catalogue)) }
        StopSignals.prepare()
        let logger = Log.make(settings)
        let socket = PassedSocket.take()
        let page = try Page(
            PageSettings(
                settings, paths: common.paths, decoder: DecoderLocation.find(),
                address: socket == nil ? listen ?? .standard : nil, names: name, proxies: proxy,
                cacheBytes: cache.map { Int64($0) << 20 }),
            socket: socket, logger: logger)
        var address = listen ?? .standard
        address.port = page.port
        ServiceNotifier().ready()
        StandardError.write(
            "vignette: the page is at http://\(address)/; 'vignette open' lets a browser in\n")
        try StopSignals.run(page, logger: logger)
    }
}

extension ListenAddress: ExpressibleByArgument {
    /// Reads an option.
    public init?(argument: String) { self.init(argument) }
}

/// A socket that systemd listens at, and hands over when somebody comes (sd_listen_fds(3)).
enum PassedSocket {
    /// Takes the first that was passed; `nil` where none was.
    static func take(environment: [String: String] = ProcessInfo.processInfo.environment) -> CInt? {
        guard environment["LISTEN_PID"] == String(getpid()),
            let count = environment["LISTEN_FDS"].flatMap({ Int($0) }), count > 0
        else { return nil }
        _ = fcntl(3, F_SETFD, FD_CLOEXEC)
        return 3
    }
}

/// Asks for a new password.
private enum NewPassword {
    static func ask(for folder: PageFolder) throws {
        let isTerminal = isatty(STDIN_FILENO) == 1
        guard let password = read("Password: ", isTerminal),
            password.count >= Password.shortest
        else {
            throw CommandFailure("a password has at least \(Password.shortest) characters")
        }
        guard !isTerminal || read("Once more: ", isTerminal) == password else {
            throw CommandFailure("these were two different passwords; nothing was changed")
        }
        try Password(folder).set(password)
        StandardError.write("vignette: the password is set, and everybody is signed out\n")
    }

    /// A line of standard input, unseen where it is a terminal.
    private static func read(_ prompt: String, _ isTerminal: Bool) -> String? {
        guard isTerminal else { return readLine() }
        StandardError.write(prompt)
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var unseen = shown
        unseen.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            StandardError.write("\n")
        }
        return readLine()
    }
}
