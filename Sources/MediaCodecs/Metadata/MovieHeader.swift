/// The movie header (`mvhd`) of ISO base media: when a sequence of pictures was made (ISO 14496-12, 8.2.2).
enum MovieHeader {
    /// As `TakenAt` writes it; `nil` where there is no movie, or its clock was not set.
    static func moment(in file: some ByteSource) throws(CodecError) -> String? {
        let boxes = try ISOBox.all(in: file, 0..<file.count)
        guard let movie = boxes.first(where: { $0.type == "moov" }),
            let header = try ISOBox.all(in: file, movie.content).first(where: { $0.type == "mvhd" }
            ),
            let version = try file.integer(at: header.content.lowerBound, size: 1),
            let seconds = try file.integer(
                at: header.content.lowerBound + 4, size: version == 1 ? 8 : 4)
        else { return nil }
        return EpochTime.moment(secondsFrom1904: seconds)
    }
}
