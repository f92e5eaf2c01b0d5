/// One time step of long short-term memory cells, forward and backward, for many sequences at once.
///
/// Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers et al., 2000. A row of gates
/// holds, `width` numbers each: input gate, forget gate, output gate, candidate.
package enum RecurrentKernels {
    private typealias Lanes = SIMD4<Float>

    /// The width must be a multiple of this.
    package static let widthMultiple = 4

    /// Turns sums into activated gates, and gives cells, their hyperbolic tangents, and hidden states.
    ///
    /// - Parameters:
    ///   - gates: `rows` × 4 `width`; sums before, activations after.
    ///   - previous: the cells of the step before, `nil` at the first step.
    package static func step(
        gates: UnsafeMutablePointer<Float>, previous: UnsafePointer<Float>?, cells: UnsafeMutablePointer<Float>,
        squashed: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        precondition(width % widthMultiple == 0, "a width that fills vectors")
        for row in 0..<rows {
            let gate = gates + row * 4 * width
            Activations.logistic(gate, count: 3 * width)
            Activations.hyperbolicTangent(gate + 3 * width, count: width)
            let raw = UnsafeRawPointer(gate)
            let cell = UnsafeMutableRawPointer(cells + row * width)
            let tangent = UnsafeMutableRawPointer(squashed + row * width)
            let before = previous.map { UnsafeRawPointer($0 + row * width) }
            let size = width &* 4
            var at = 0
            while at < size {
                var sum = load(raw, at) * load(raw, at &+ 3 &* size)
                if let before { sum += load(raw, at &+ size) * load(before, at) }
                cell.storeBytes(of: sum, toByteOffset: at, as: Lanes.self)
                tangent.storeBytes(of: sum, toByteOffset: at, as: Lanes.self)
                at &+= 16
            }
            Activations.hyperbolicTangent(squashed + row * width, count: width)
            let state = UnsafeMutableRawPointer(hidden + row * width)
            at = 0
            while at < size {
                let product = load(raw, at &+ 2 &* size) * load(UnsafeRawPointer(tangent), at)
                state.storeBytes(of: product, toByteOffset: at, as: Lanes.self)
                at &+= 16
            }
        }
    }

    /// Turns activated gates into the loss's slopes by the sums, and the slopes by this step's cells into those by the
    /// cells of the step before.
    ///
    /// - Parameters:
    ///   - gates: `rows` × 4 `width`; activations before, slopes after.
    ///   - hiddenSlopes: by the hidden states, `rows` × `width`.
    ///   - cellSlopes: by the cells, from the step after; by the cells of the step before, after the call.
    package static func stepBack(
        gates: UnsafeMutablePointer<Float>, previous: UnsafePointer<Float>?, squashed: UnsafePointer<Float>,
        hiddenSlopes: UnsafePointer<Float>, cellSlopes: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        precondition(width % widthMultiple == 0, "a width that fills vectors")
        let size = width &* 4
        for row in 0..<rows {
            let gate = UnsafeMutableRawPointer(gates + row * 4 * width)
            let tangent = UnsafeRawPointer(squashed + row * width)
            let byHidden = UnsafeRawPointer(hiddenSlopes + row * width)
            let byCell = UnsafeMutableRawPointer(cellSlopes + row * width)
            let before = previous.map { UnsafeRawPointer($0 + row * width) }
            var at = 0
            while at < size {
                let input = load(UnsafeRawPointer(gate), at)
                let forget = load(UnsafeRawPointer(gate), at &+ size)
                let output = load(UnsafeRawPointer(gate), at &+ 2 &* size)
                let candidate = load(UnsafeRawPointer(gate), at &+ 3 &* size)
                let squash = load(tangent, at)
                let slope = load(byHidden, at)
                let cell = load(UnsafeRawPointer(byCell), at) + slope * output * (1 - squash * squash)
                let old = before.map { load($0, at) } ?? .zero
                gate.storeBytes(of: cell * candidate * input * (1 - input), toByteOffset: at, as: Lanes.self)
                gate.storeBytes(of: cell * old * forget * (1 - forget), toByteOffset: at &+ size, as: Lanes.self)
                gate.storeBytes(
                    of: slope * squash * output * (1 - output), toByteOffset: at &+ 2 &* size, as: Lanes.self)
                gate.storeBytes(
                    of: cell * input * (1 - candidate * candidate), toByteOffset: at &+ 3 &* size, as: Lanes.self)
                byCell.storeBytes(of: cell * forget, toByteOffset: at, as: Lanes.self)
                at &+= 16
            }
        }
    }

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ offset: Int) -> Lanes {
        base.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
    }
}
