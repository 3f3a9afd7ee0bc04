import Glibc
import Synchronization

/// Large pieces of memory between two uses.
///
/// A model's layers ask for the same sizes over and over. Memory fresh from the system costs a page
/// fault every 4 KiB, which for wide layers is a twentieth of the product that fills it.
/// What is not kept goes back to the system at once: in the allocator's hands it would lie between
/// smaller pieces and stay resident.
public final class SpareMemory: Sendable {
    /// The process's.
    public static let shared = SpareMemory()

    /// Smaller pieces are the allocator's: it keeps them anyway.
    private static let smallest = 128 << 10
    /// Bytes that are kept at most.
    private static let most = 256 << 20
    private static let alignment = 64

    /// Fresh memory: pages of their own if it is large.
    private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        guard size >= smallest else {
            return .allocate(byteCount: max(size, 1), alignment: alignment)
        }
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0),
            start != MAP_FAILED
        else { fatalError("there is not enough memory for \(size) bytes") }
        return start
    }

    private static func deallocate(_ start: UnsafeMutableRawPointer, _ size: Int) {
        if size >= smallest { munmap(start, size) } else { start.deallocate() }
    }

    /// A piece that nobody uses.
    private struct Piece: @unchecked Sendable {
        // Sendable because nobody but the one who takes it touches the memory.
        let start: UnsafeMutableRawPointer
        /// When it was given back.
        let period: Int
        /// How many were given back before it.
        let age: Int
    }

    private struct Pieces {
        var bySize: [Int: [Piece]] = [:]
        var byteCount = 0
        var period = 0
        var given = 0
        /// The sizes of pieces that are lent for less.
        var lent: [Int: Int] = [:]

        /// Takes out a piece of the size or, of larger ones up to half as large again, the smallest.
        mutating func take(_ size: Int) -> Piece? {
            let found =
                bySize[size] != nil
                ? size
                : bySize.keys.filter { $0 > size && $0 <= size + size / 2 }.min()
            guard let found, let piece = bySize[found]?.popLast() else { return nil }
            if bySize[found]?.isEmpty == true { bySize[found] = nil }
            byteCount -= found
            if found != size { lent[Int(bitPattern: piece.start)] = found }
            return piece
        }

        /// Takes out the pieces that have lain longest, until so many bytes are free of `most`.
        mutating func makeRoom(for size: Int, of most: Int) -> [(Piece, Int)] {
            var over: [(Piece, Int)] = []
            while byteCount + size > most {
                // Those of a size are given back to the end and taken from there.
                let oldest = bySize.compactMap { size, kept in kept.first.map { ($0, size) } }
                    .min { $0.0.age < $1.0.age }
                guard let (piece, oldSize) = oldest else { break }
                bySize[oldSize]?.removeFirst()
                if bySize[oldSize]?.isEmpty == true { bySize[oldSize] = nil }
                byteCount -= oldSize
                over.append((piece, oldSize))
            }
            return over
        }
    }

    private let pieces = Mutex(Pieces())

    init() {}

    /// Gives all of it back to the system.
    public func release() { release { _, _ in true } }

    /// Begins a period of time, and gives back to the system what nobody has used for a whole one.
    ///
    /// Answers of every length leave memory of their own sizes behind, which would pile up.
    public func beginPeriod() {
        pieces.withLock { $0.period += 1 }
        release { piece, period in piece.period < period - 1 }
    }

    /// Bytes that are kept.
    var byteCount: Int { pieces.withLock { $0.byteCount } }

    private func release(where isOver: (Piece, _ period: Int) -> Bool) {
        let all = pieces.withLock { pieces -> [(Piece, Int)] in
            var over: [(Piece, Int)] = []
            for (size, kept) in pieces.bySize {
                let gone = kept.filter { isOver($0, pieces.period) }
                guard !gone.isEmpty else { continue }
                pieces.bySize[size] = kept.filter { !isOver($0, pieces.period) }
                pieces.byteCount -= gone.count * size
                over += gone.map { ($0, size) }
            }
            return over
        }
        for (piece, size) in all { Self.deallocate(piece.start, size) }
    }

    /// Uninitialised memory, aligned to 64 bytes, of so many bytes or up to half as many more.
    ///
    /// A network whose layers are all of different sizes would otherwise leave a piece of each behind.
    func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = Self.size(of: byteCount)
        guard size >= Self.smallest else { return Self.allocate(size) }
        return pieces.withLock { $0.take(size) }?.start ?? Self.allocate(size)
    }

    /// Takes back what `take` gave, and keeps it; what has lain longest makes room for it.
    ///
    /// Keys and values of finished answers, which nobody asks for in that size again, would
    /// otherwise leave no room for what every layer asks for.
    func give(_ start: UnsafeMutableRawPointer, byteCount: Int) {
        let asked = Self.size(of: byteCount)
        guard asked >= Self.smallest else { return Self.deallocate(start, asked) }
        let address = Int(bitPattern: start)
        let size = pieces.withLock { $0.lent.removeValue(forKey: address) } ?? asked
        guard size <= Self.most else { return Self.deallocate(start, size) }
        // Sendable because the one who gives it away does not touch it any more.
        nonisolated(unsafe) let start = start
        let over = pieces.withLock { pieces in
            let over = pieces.makeRoom(for: size, of: Self.most)
            let piece = Piece(start: start, period: pieces.period, age: pieces.given)
            pieces.given += 1
            pieces.bySize[size, default: []].append(piece)
            pieces.byteCount += size
            return over
        }
        for (piece, size) in over { Self.deallocate(piece.start, size) }
    }

    /// Large sizes are rounded up to an eighth of their power of two, so that neighbours share.
    private static func size(of byteCount: Int) -> Int {
        guard byteCount >= smallest else { return byteCount }
        let step = 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount - 3)
        return (byteCount + step - 1) / step * step
    }
}
