import Glibc

/// The first bytes of an index file, mapped read-only.
///
/// Nobody shortens an index file: one that cannot be used is replaced by another of the same name, and
/// whoever has the old one mapped keeps it.
///
/// `@unchecked Sendable`: an address that stays. What is written behind it by others is not looked at before
/// a commit covers it.
final class IndexMapping: @unchecked Sendable {
    let base: UnsafeRawPointer
    let byteCount: Int

    /// - Returns: `nil` with `errno` set.
    init?(_ descriptor: Int32, byteCount: Int) {
        // Shared: a private mapping need not show what is written later.
        guard let base = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0),
            base != MAP_FAILED
        else { return nil }
        self.base = UnsafeRawPointer(base)
        self.byteCount = byteCount
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }
}
