import ArgumentParser
import Finding
import SystemPackage

/// What other pictures shall be like: a file, or a vision token as `show --tokens` prints it.
///
/// A file whose name begins like a token is given with its folder: `./token:…`.
enum LikenessArgument: ExpressibleByArgument {
    case file(FilePath)
    case token([Float])
    /// What begins like a token and is none.
    case noToken

    init?(argument: String) {
        if argument.hasPrefix(TokenText.prefix) {
            self = TokenText.elements(of: argument).map { .token($0) } ?? .noToken
        } else if let file = PathArgument(argument: argument) {
            self = .file(file.path)
        } else {
            return nil
        }
    }

    static let defaultCompletionKind = CompletionKind.file()

    var file: FilePath? {
        if case .file(let path) = self { path } else { nil }
    }

    var token: [Float]? {
        if case .token(let elements) = self { elements } else { nil }
    }

    var isNoToken: Bool {
        if case .noToken = self { true } else { false }
    }
}
