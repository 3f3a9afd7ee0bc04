import SystemPackage

/// A drop-in for the service's units by which they see a folder.
struct FolderDropIn {
    /// The file's name, which is another for every folder.
    let name: String
    /// What is in it.
    let text: String

    /// Writes down what a folder needs.
    init(_ access: FolderAccess) {
        let path = access.folder
        name = "folder-\(Self.escapedName(path)).conf"
        var lines = ["# Made by 'vignette service add-folder'.", "[Service]"]
        if !access.groups.isEmpty {
            lines.append("SupplementaryGroups=" + access.groups.map(\.name).joined(separator: " "))
        }
        let value = Self.quoted(path)
        if access.isHidden {
            // Nothing of homes but this folder, whatever the folders above it allow. A dash: it may not be mounted.
            lines.append("ProtectHome=tmpfs")
            lines.append("\(access.isWritten ? "BindPaths" : "BindReadOnlyPaths")=\(value)")
        } else {
            lines.append("\(access.isWritten ? "ReadWritePaths" : "ReadOnlyPaths")=\(value)")
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// A path in a unit: `-` for one that may be missing, in quotes, with `%` twice (systemd.syntax(7)).
    private static func quoted(_ path: FilePath) -> String {
        let text = path.string.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("%", with: "%%")
        return "\"-\(text)\""
    }

    /// A path as a part of a name, as systemd-escape(1) has it.
    private static func escapedName(_ path: FilePath) -> String {
        path.string.drop { $0 == "/" }.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "/"): "-"
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
