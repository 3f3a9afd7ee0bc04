import Tensor

extension Linear {
    /// Runs several layers on the same input.
    static func all(_ layers: [Linear], of x: Matrix) -> [Matrix] { layers.map { $0(x) } }
}
