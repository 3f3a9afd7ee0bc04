import CKernels

/// Appends rows to a file, seals segments that are full, and commits.
struct SegmentWriter {
    let file: IndexFile
    private(set) var commit: IndexCommit

    init(_ file: IndexFile) throws(VectorIndexError) {
        self.file = file
        commit = try file.commit()
    }

    private var layout: IndexLayout { file.layout }

    /// Appends vectors and commits them together.
    mutating func append(_ vectors: [IndexedVector]) throws(VectorIndexError) {
        guard let last = vectors.last else { return }
        try check(vectors)
        var done = 0
        while done < vectors.count {
            let row = commit.rows + done
            let segment = row / layout.segmentRows
            let count = min(vectors.count - done, (segment + 1) * layout.segmentRows - row)
            try file.grow(to: layout.offset(ofSegment: segment + 1))
            try write(vectors[done..<done + count], from: row % layout.segmentRows, in: segment)
            done += count
            if (commit.rows + done) % layout.segmentRows == 0 { try seal(segment) }
        }
        let next = commit.next(rows: commit.rows + vectors.count, lastSequence: last.sequence)
        try file.write(next.bytes(in: file.header), at: next.offset)
        commit = next
    }

    private func check(_ vectors: [IndexedVector]) throws(VectorIndexError) {
        guard commit.rows + vectors.count <= layout.maximumRows else {
            throw .invalid("an index holds at most \(layout.maximumRows) vectors")
        }
        var last = commit.lastSequence ?? .min
        for vector in vectors {
            guard vector.values.count == layout.dimension, vector.scale.isFinite,
                vector.scale >= 0, vector.asset >= 0, vector.sequence > last
            else {
                throw .invalid(
                    "the vector \(vector.sequence) of asset \(vector.asset) does not fit an index of "
                        + "\(layout.dimension) numbers a vector behind number \(last): it has "
                        + "\(vector.values.count) numbers and the scale \(vector.scale)")
            }
            last = vector.sequence
        }
    }

    private func write(
        _ vectors: ArraySlice<IndexedVector>, from place: Int, in segment: Int
    ) throws(VectorIndexError) {
        let (dimension, recordBytes) = (layout.dimension, layout.recordBytes)
        var records = [UInt8](repeating: 0, count: vectors.count * recordBytes)
        records.withUnsafeMutableBytes { records in
            for (i, vector) in vectors.enumerated() {
                let record = UnsafeMutableRawBufferPointer(
                    rebasing: records[i * recordBytes..<(i + 1) * recordBytes])
                vector.values.withUnsafeBytes { record.copyMemory(from: $0) }
                record.storeBytes(of: vector.scale, toByteOffset: recordBytes - 8, as: Float.self)
                vk_seal_record(
                    record.baseAddress?.assumingMemoryBound(to: UInt8.self), dimension,
                    vector.asset, vector.second)
            }
        }
        let start = layout.offset(ofSegment: segment)
        try file.write(records, at: start + layout.records + place * recordBytes)
        try write(vectors.map(\.asset), at: start + layout.assets + place * 8)
        try write(vectors.map(\.second), at: start + layout.seconds + place * 4)
    }

    /// Writes what is found out of a whole segment: its centre and spread, and the signs of its rows.
    private func seal(_ segment: Int) throws(VectorIndexError) {
        let start = layout.offset(ofSegment: segment)
        let (dimension, count) = (layout.dimension, layout.segmentRows)
        let mapping = try file.map(byteCount: start + layout.segmentBytes)
        let base = mapping.base + start
        func part<Element>(_ offset: Int) -> UnsafePointer<Element> {
            (base + offset).assumingMemoryBound(to: Element.self)
        }
        var vectors = vk_vectors(
            records: part(layout.records), assets: part(layout.assets),
            seconds: part(layout.seconds), dimension: dimension, stride: layout.recordBytes)
        var head = [Float](repeating: 0, count: 2 * dimension)
        var factors = [Float](repeating: 0, count: count)
        var signs = [UInt64](repeating: 0, count: count * layout.words)
        head.withUnsafeMutableBufferPointer { head in
            guard let centre = head.baseAddress else { return }
            let spread = centre + dimension
            vk_centre_vectors(&vectors, count, centre, spread)
            vk_sign_vectors(&vectors, count, centre, spread, &signs, &factors)
        }
        try write(factors, at: start + layout.factors)
        try write(signs, at: start + layout.signs)
        let scanned = vk_crc32c(0, base + layout.scanned.lowerBound, layout.scanned.count)
        var bytes: [UInt8] = []
        for number in [scanned, UInt32(segment), 0] { bytes.append(number) }
        head.withUnsafeBytes { bytes += $0 }
        var whole: [UInt8] = []
        whole.append(bytes.crc32c())
        try file.write(whole + bytes, at: start)
        try file.synchronise()
    }

    private func write<Number>(_ numbers: [Number], at offset: Int) throws(VectorIndexError) {
        try file.write(numbers.withUnsafeBytes(Array.init), at: offset)
    }
}
