import FoundationEssentials
import MediaDecoding
import XMPEditing

/// Edits sidecars as the parent wishes.
enum SidecarEdits {
    /// The bytes of a sidecar with a change.
    ///
    /// - Parameters:
    ///   - edit: `SidecarEdit` as JSON.
    ///   - file: The sidecar; `nil` makes a new one.
    /// - Returns: The new bytes.
    /// - Throws: `CodecError.rejected` for what cannot be edited.
    static func apply(_ edit: [UInt8], to file: InputFile?) throws(CodecError) -> [UInt8] {
        guard let edit = try? JSONDecoder().decode(SidecarEdit.self, from: Data(edit)) else {
            throw .failed("an edit came that cannot be read")
        }
        let bytes = try file?.sidecar()
        do throws(XMPEditError) {
            return try SidecarEditor.apply(edit, to: bytes)
        } catch {
            throw .rejected(error.reason)
        }
    }
}

extension InputFile {
    fileprivate func sidecar() throws(CodecError) -> [UInt8] {
        guard count <= SidecarEdit.maximumSidecar else {
            throw .rejected(
                "has \(count) bytes, above the \(SidecarEdit.maximumSidecar) of a sidecar that is edited"
            )
        }
        return try wholeFile(limit: SidecarEdit.maximumSidecar)
    }
}
