import CHEIF

extension HEIFPicture {
    /// What the file's `colr` properties say about its colours: the profile if there is one, as
    /// ISO 23000-22 (MIAF), 7.3.6.4, has it, else the numbers.
    var colour: ColourDescription? {
        if let profile { return .profile(profile) }
        return numbers.map { .coded($0) }
    }

    private var profile: [UInt8]? {
        let size = heif_image_handle_get_raw_color_profile_size(handle)
        guard size > 0, size <= ICCProfile.maximumBytes else { return nil }
        var profile = [UInt8](repeating: 0, count: size)
        let error = heif_image_handle_get_raw_color_profile(handle, &profile)
        return error.code == heif_error_Ok ? profile : nil
    }

    private var numbers: CodedColour? {
        var profile: UnsafeMutablePointer<heif_color_profile_nclx>?
        let error = heif_image_handle_get_nclx_color_profile(handle, &profile)
        guard error.code == heif_error_Ok, let profile else { return nil }
        defer { heif_nclx_color_profile_free(profile) }
        // Matrix and range are what libheif undoes itself.
        return CodedColour(
            primaries: Int(profile.pointee.color_primaries.rawValue),
            transfer: Int(profile.pointee.transfer_characteristics.rawValue))
    }
}
