/// Sums of powers of returns and of their products with the price's returns on the same bars. From them come all moments
/// of returns less exposure times the price's, whose exposure is known only at the end.
struct ReturnSums: Sendable {
  /// Over the bars whose returns are the price's: sums of their powers 1 to 4 and of the squares of losses.
  private var whole = SIMD8<Double>.zero
  /// Over the other bars, of a return r: r and r², and the square of a loss.
  private var own = SIMD2<Double>.zero
  private var losses = 0.0
  /// Over the same bars, of d = r − p with the price's return p: (d, p), (d², p²), (d p, d² p²), (d³, d p²),
  /// (d² p, p³), (d⁴, p⁴), (d³ p, d p³). Where something is held all the time, r − e p is small beside both r and p:
  /// powers of d keep the digits that powers of r would lose.
  private var first = SIMD2<Double>.zero
  private var second = SIMD2<Double>.zero
  private var products = SIMD2<Double>.zero
  private var third = SIMD2<Double>.zero
  private var mixed = SIMD2<Double>.zero
  private var fourth = SIMD2<Double>.zero
  private var skewed = SIMD2<Double>.zero

  @inline(__always)
  mutating func add(_ row: SIMD8<Double>) { whole += row }

  @inline(__always)
  mutating func add(_ r: Double, price p: Double) {
    own += SIMD2(r, r * r)
    let loss = min(r, 0)
    losses += loss * loss
    let d = r - p
    let pair = SIMD2(d, p)
    let squares = pair * pair
    let product = d * p
    first += pair
    second += squares
    products += SIMD2(product, squares[0] * squares[1])
    third += squares * d
    mixed += squares * p
    fourth += squares * squares
    skewed += squares * product
  }

  /// What block sums need: the sums of the returns, of their squares, and, in the place of the count, of their products
  /// with the price's. Where bars of a whole position are still to come in, `row` has their sums.
  @inline(__always)
  func snapshot(with row: SIMD8<Double> = .zero) -> BlockSums {
    BlockSums(count: whole[1] + row[1] + products[0] + second[1], sum: sum + row[0], squares: squares + row[1])
  }

  /// Of the own returns.
  var sum: Double { whole[0] + own[0] }
  var squares: Double { whole[1] + own[1] }
  var squaresOfLosses: Double { whole[4] + losses }

  /// The power sums 1 to 4 of r − e p over all bars, `prices` being those of p. Where nothing is held r is 0.
  func adjusted(by e: Double, prices: SIMD4<Double>) -> SIMD4<Double> {
    let held = SIMD4(whole[0], whole[1], whole[2], whole[3])
    let flat = prices - held - SIMD4(first[1], second[1], mixed[1], fourth[1])
    let g = 1 - e
    let others = SIMD4(
      first[0] + g * first[1],
      second[0] + 2 * g * products[0] + g * g * second[1],
      third[0] + 3 * g * mixed[0] + 3 * g * g * third[1] + g * g * g * mixed[1],
      fourth[0] + 4 * g * skewed[0] + 6 * g * g * products[1] + 4 * g * g * g * skewed[1] + g * g * g * g * fourth[1])
    func powers(_ x: Double) -> SIMD4<Double> { SIMD4(x, x * x, x * x * x, x * x * x * x) }
    return powers(g) * held + powers(-e) * flat + others
  }
}
