import CLibAV

/// Turns libav's results into errors.
enum AVError {
    /// Throws if `code` is an error; `what` says what was being done.
    static func check(_ code: Int32, _ what: @autoclosure () -> String) throws(CodecError) {
        guard code < 0 else { return }
        throw error(code, what())
    }

    /// The error of `code`: a lack of memory is the child's, everything else the content's, which may
    /// be right and of a kind that libav does not know yet.
    static func error(_ code: Int32, _ what: String) -> CodecError {
        guard code != vignette_error_memory else { return .failed("no memory: \(what)") }
        // Some decoders give −1 for content that makes no sense, which would be called a missing permission.
        let code = code == -1 ? vignette_error_content : code
        var text = [CChar](repeating: 0, count: 128)
        av_strerror(code, &text, text.count)
        let message = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
        guard code != vignette_error_unsupported else {
            return .notSupported("\(what): libav cannot do it yet")
        }
        return .damaged("\(what): \(message ?? "error \(code)")")
    }
}
