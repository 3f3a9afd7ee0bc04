import Foundation
import SystemPackage
import TestSupport

/// A library with one drawing, a fox by a lake, and a page with the model for drawings.
struct FoxLibrary {
    let library: PageLibrary
    /// The drawing's number.
    let picture: Int64

    /// The model for drawings.
    var model: FilePath { BuildProducts.checkout.appending("Models/demo") }

    init() throws {
        library = try PageLibrary()
        let sample = BuildProducts.checkout.appending("Samples/fox-lake-cloudy.jpg").string
        picture = try library.add(
            "fox.jpg", Data(contentsOf: URL(filePath: sample)), format: "jpeg", size: (336, 336))
    }

    func page() throws -> ServedPage {
        try ServedPage(library, model: model)
    }
}
