/// Sums of returns over one block of bars: enough to work out mean and deviation over any union of blocks.
public struct BlockSums: Hashable, Sendable {
  /// Bars, the sum of their returns, and the sum of the squares.
  public var count, sum, squares: Double

  public init(count: Double = 0, sum: Double = 0, squares: Double = 0) {
    self.count = count
    self.sum = sum
    self.squares = squares
  }

  /// Takes one return in.
  public mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }
}

extension BlockSums {
  /// The sums of a run of returns.
  public init(_ returns: some Sequence<Double>) {
    self.init()
    for value in returns { add(value) }
  }

  public static func + (left: BlockSums, right: BlockSums) -> BlockSums {
    BlockSums(count: left.count + right.count, sum: left.sum + right.sum, squares: left.squares + right.squares)
  }

  public static func - (left: BlockSums, right: BlockSums) -> BlockSums {
    BlockSums(count: left.count - right.count, sum: left.sum - right.sum, squares: left.squares - right.squares)
  }

  /// Mean over sample deviation of one bar; 0 where nothing varies, for what does not trade earns nothing.
  @inline(__always)
  var sharpe: Double {
    // n Σx² − (Σx)² is n (n − 1) times the variance; what is left of it by rounding alone is none.
    let spread = count * squares - sum * sum
    guard count > 1, spread > count * squares * 1e-13 else { return 0 }
    return sum * ((count - 1) / (count * spread)).squareRoot()
  }

  var isFinite: Bool { count.isFinite && sum.isFinite && squares.isFinite }

  /// Returns cut into blocks of equal length, the first ones longer by a bar where they do not come out even.
  public static func blocks(of returns: [Double], _ blocks: Int) -> [BlockSums] {
    guard blocks > 0 else { return [] }
    let (length, longer) = returns.count.quotientAndRemainder(dividingBy: blocks)
    var start = 0
    return (0..<blocks).map { block in
      let end = start + length + (block < longer ? 1 : 0)
      defer { start = end }
      return BlockSums(returns[start..<end])
    }
  }
}
