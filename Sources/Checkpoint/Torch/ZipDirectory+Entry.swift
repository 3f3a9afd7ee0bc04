extension ZipDirectory {
    /// One entry as the directory has it.
    struct Entry {
        let name: String
        let byteCount: Int
        let headerOffset: Int

        private static let signature: UInt32 = 0x0201_4b50
        private static let localSignature: UInt32 = 0x0403_4b50
        private static let localByteCount = 30
        private static let wideFieldTag: UInt16 = 1
        /// Flags of encryption: of the entry, strong, and of the directory.
        private static let encryption: UInt16 = 1 << 0 | 1 << 6 | 1 << 13

        /// Reads an entry.
        ///
        /// - Throws: `ArchiveFlaw` where it is compressed, encrypted or contradicts itself.
        init(from cursor: inout ByteCursor) throws {
            guard try cursor.integer(UInt32.self) == Self.signature else {
                throw ArchiveFlaw("no entry stands at byte \(cursor.offset - 4) of the directory")
            }
            _ = try cursor.integer(UInt32.self)
            let flags = try cursor.integer(UInt16.self)
            let method = try cursor.integer(UInt16.self)
            // Time, date and check sum: what was downloaded is checked as a whole by its SHA-256.
            _ = try cursor.take(8)
            let packedSize = try cursor.integer(UInt32.self)
            let size = try cursor.integer(UInt32.self)
            let nameCount = try cursor.size(UInt16.self)
            let extraCount = try cursor.size(UInt16.self)
            let commentCount = try cursor.size(UInt16.self)
            // Volume and attributes.
            _ = try cursor.take(8)
            let offset = try cursor.integer(UInt32.self)
            name = try cursor.text(nameCount, atMost: ZipArchive.maximumNameByteCount)
            let shown = "'\(abbreviated(name))'"
            var wide = try Self.wideFields(in: try cursor.take(extraCount), of: shown)
            _ = try cursor.take(commentCount)

            guard flags & Self.encryption == 0 else {
                throw ArchiveFlaw("the entry \(shown) is encrypted")
            }
            byteCount = try Self.widened(size, from: &wide)
            let packedByteCount = try Self.widened(packedSize, from: &wide)
            headerOffset = try Self.widened(offset, from: &wide)
            guard method == 0 else {
                throw ArchiveFlaw(
                    "the entry \(shown) is compressed (method \(method), \(packedByteCount) bytes "
                        + "for \(byteCount)), and tensors are stored as they are")
            }
            guard packedByteCount == byteCount else {
                throw ArchiveFlaw(
                    "the entry \(shown) has \(packedByteCount) bytes that claim to be \(byteCount)")
            }
        }

        /// The 64-bit numbers for the fields that are too small: the extra field with tag 1.
        private static func wideFields(
            in extra: UnsafeRawBufferPointer, of name: String
        ) throws -> ByteCursor {
            let subject = "the 64-bit field of \(name)"
            var cursor = ByteCursor(extra, of: "the extra field of \(name)")
            while !cursor.isAtEnd {
                let tag = try cursor.integer(UInt16.self)
                let field = try cursor.take(try cursor.size(UInt16.self))
                if tag == wideFieldTag { return ByteCursor(field, of: subject) }
            }
            return ByteCursor(UnsafeRawBufferPointer(start: nil, count: 0), of: subject)
        }

        /// A 32-bit number, or the next 64-bit one where it says so.
        private static func widened(
            _ number: UInt32, from wide: inout ByteCursor
        ) throws -> Int {
            number == .max ? try wide.size(UInt64.self) : Int(number)
        }

        /// The entry's bytes, behind its local header.
        ///
        /// - Throws: `ArchiveFlaw` where the header is another's or the bytes reach beyond `end`.
        func locate(
            in file: UnsafeRawBufferPointer, before end: Int
        ) throws -> (name: String, data: Range<Int>) {
            let shown = "'\(abbreviated(name))'"
            guard headerOffset <= end else {
                throw ArchiveFlaw(
                    "the entry \(shown) lies at \(headerOffset), behind the directory")
            }
            var cursor = ByteCursor(file, at: headerOffset, of: "the local header of \(shown)")
            guard try cursor.integer(UInt32.self) == Self.localSignature else {
                throw ArchiveFlaw("no local header of \(shown) stands at \(headerOffset)")
            }
            _ = try cursor.take(Self.localByteCount - 8)
            let nameCount = try cursor.size(UInt16.self)
            let extraCount = try cursor.size(UInt16.self)
            guard try cursor.take(nameCount).elementsEqual(name.utf8) else {
                throw ArchiveFlaw("the local header of \(shown) has another name")
            }
            _ = try cursor.take(extraCount)
            guard cursor.offset <= end, byteCount <= end - cursor.offset else {
                throw ArchiveFlaw(
                    "the entry \(shown) of \(byteCount) bytes at \(cursor.offset) reaches into the "
                        + "directory at \(end)")
            }
            return (name, cursor.offset..<cursor.offset + byteCount)
        }
    }
}
