/// Turns numbers into numbers, one bar after another, seeing only the past.
///
/// A value of the type holds the parameters and the state. The host gives each run of finite inputs a fresh copy, calls
/// `start`, then `warm` for the bars before `warmUp`, `first` for bar `warmUp`, and `next` for every later bar. The same
/// steps make a backtest's column and a live value, so the two cannot differ.
public protocol Indicator: Configurable {
  associatedtype Value: Row = Double

  /// The name in expressions: lower case, words joined by `_`.
  static var id: String { get }
  static var summary: String { get }
  /// Candle columns that it reads (`["high", "low", "close"]`), or names of series that the user gives (`["x"]`).
  static var inputs: [String] { get }
  /// Names of the outputs; empty where there is one.
  static var outputs: [String] { get }
  static var parameters: [Parameter<Self>] { get }
  static var examples: [Example] { get }
  /// What the values measure; for all outputs alike.
  static var measure: Measure { get }

  /// Index, from 0, of the first value on a run of finite inputs.
  var warmUp: Int { get }
  /// The furthest `x[n]` that `first` and `next` read.
  var reach: Int { get }

  mutating func start()
  mutating func warm(_ x: borrowing View)
  mutating func first(_ x: borrowing View) -> Value
  mutating func next(_ x: borrowing View) -> Value
  /// Several bars after `first` at once, each as `next` gives it, to the last bit: output k of row n goes to
  /// `out[k * stride + n]`. The default is the loop over `next`; an indicator has its own where that pays.
  mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int)
  /// Lets go of what it can do without until its next bar, such as room to work in: thousands of states are put away
  /// while others take their turn. The default lets go of nothing.
  mutating func putAway()
}

extension Indicator {
  public static var outputs: [String] { [] }
  public static var measure: Measure { .unknown }
  public static var parameters: [Parameter<Self>] { [] }
  @inlinable public mutating func start() {}
  @inlinable public mutating func warm(_ x: borrowing View) {}
  @inlinable public mutating func putAway() {}

  @inlinable
  @inline(__always)  // into the driver, whose copy of the state is a local: so it stays in registers
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    for row in 0..<x.count {
      let value = next(x.view(row))
      for output in 0..<Value.width { out[output * stride + row] = value[output] }
    }
  }
}

/// A case that can be checked by hand: settings and inputs, and the values they give. It is run by the conformance
/// suite and printed in the reference.
public struct Example: Sendable {
  public let settings: [String: Double]
  /// One column an input.
  public let inputs: [[Double]]
  /// One column an output; nil where there is no value.
  public let values: [[Double?]]
  /// Where the case comes from, or how it is calculated.
  public let note: String

  public init(_ settings: [String: Double], _ inputs: [Double]..., gives values: [Double?]..., note: String) {
    self.settings = settings
    self.inputs = inputs
    self.values = values
    self.note = note
  }
}
