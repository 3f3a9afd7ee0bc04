import CLibAV
import Glibc

/// Lets libav read one open file and nothing else: it never sees a name, and may open none.
final class AVFileInput {
    /// Bytes read at a time.
    private static let bufferSize: Int32 = 1 << 16

    private let file: InputFile
    private var position = 0
    /// What the disk said when a read failed, which libav's own error would hide.
    private(set) var fault: CodecError?
    private(set) var context: UnsafeMutablePointer<AVIOContext>?

    init(_ file: InputFile) throws(CodecError) {
        self.file = file
        let buffer = av_malloc(Int(Self.bufferSize))?.assumingMemoryBound(to: UInt8.self)
        // The callbacks are given this object without owning it; `deinit` frees the context first.
        context = avio_alloc_context(
            buffer, Self.bufferSize, 0, Unmanaged.passUnretained(self).toOpaque(),
            { object, buffer, size in AVFileInput.of(object)?.read(buffer, size) ?? -1 }, nil,
            { object, offset, whence in AVFileInput.of(object)?.seek(offset, whence) ?? -1 })
        guard context != nil else {
            av_free(buffer)
            throw .failed("no memory to read a clip")
        }
    }

    deinit {
        // libav may have put another buffer in the place of the first one.
        av_free(context?.pointee.buffer)
        avio_context_free(&context)
    }

    private static func of(_ object: UnsafeMutableRawPointer?) -> AVFileInput? {
        object.map { Unmanaged<AVFileInput>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(_ buffer: UnsafeMutablePointer<UInt8>?, _ size: Int32) -> Int32 {
        let target = UnsafeMutableRawBufferPointer(start: buffer, count: Int(size))
        do throws(CodecError) {
            let count = try file.read(at: position, into: target)
            position += count
            return count > 0 ? Int32(count) : vignette_error_end
        } catch {
            fault = error
            return vignette_error_io
        }
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        let base: Int
        switch whence & ~AVSEEK_FORCE {
        case AVSEEK_SIZE: return Int64(file.count)
        case SEEK_SET: base = 0
        case SEEK_CUR: base = position
        case SEEK_END: base = file.count
        default: return Int64(vignette_error_invalid)
        }
        let (wanted, overflow) = base.addingReportingOverflow(Int(offset))
        guard !overflow, wanted >= 0 else { return Int64(vignette_error_invalid) }
        position = wanted
        return Int64(wanted)
    }
}
