/// What an indicator sees at one bar: its inputs, now and back in time.
///
/// `x[n]` is the first input n bars ago, `x[k, n]` input k. There is no way forward: n is checked to be 0 or more, so a
/// step that would read tomorrow stops the program in the first test that runs it. The inputs stand in one block of
/// columns `stride` apart: a view that holds a span for each input would be copied to memory at every bar.
public struct View: ~Escapable {
  @usableFromInline let values: Span<Double>
  @usableFromInline let stride: Int
  @usableFromInline let at: Int

  @_lifetime(copy values)
  @inlinable
  public init(_ values: Span<Double>, stride: Int, at: Int) {
    self.values = values
    self.stride = stride
    self.at = at
  }

  @inlinable
  public subscript(_ ago: Int) -> Double {
    @inline(__always) get {
      precondition(ago >= 0, "an indicator cannot read the future")
      return values[at - ago]
    }
  }

  @inlinable
  public subscript(_ input: Int, _ ago: Int) -> Double {
    @inline(__always) get {
      precondition(ago >= 0, "an indicator cannot read the future")
      return values[input * stride + at - ago]
    }
  }
}

/// What an indicator sees of several bars in a row: its inputs at those bars, and before them.
public struct Stretch: ~Escapable {
  /// The most rows of a stretch.
  @inlinable public static var most: Int { 512 }

  @usableFromInline let values: Span<Double>
  @usableFromInline let stride: Int
  @usableFromInline let rows: Range<Int>

  @_lifetime(copy values)
  @inlinable
  public init(_ values: Span<Double>, stride: Int, rows: Range<Int>) {
    self.values = values
    self.stride = stride
    self.rows = rows
  }

  @inlinable public var count: Int { rows.count }

  /// Input k at these bars or, with `ago`, so many bars before each of them.
  @_lifetime(copy self)
  @inlinable
  public func input(_ input: Int = 0, ago: Int = 0) -> Span<Double> {
    precondition(ago >= 0, "an indicator cannot read the future")
    let start = input * stride + rows.lowerBound - ago
    return values.extracting(start..<start + rows.count)
  }

  /// Input k at these bars and the `reach` bars before the first of them.
  @_lifetime(copy self)
  @inlinable
  public func input(_ input: Int = 0, reach: Int) -> Span<Double> {
    precondition(reach >= 0, "an indicator cannot read the future")
    let start = input * stride + rows.lowerBound
    return values.extracting(start - reach..<start + rows.count)
  }

  /// What a step sees at one of these bars, the first being 0.
  @_lifetime(copy self)
  @inlinable
  public func view(_ row: Int) -> View { View(values, stride: stride, at: rows.lowerBound + row) }
}

/// The values that an indicator gives at one bar: one number, or several for one with named outputs.
public protocol Row: Sendable {
  static var width: Int { get }
  subscript(_ output: Int) -> Double { get }
}

extension Double: Row {
  @inlinable public static var width: Int { 1 }
  @inlinable public subscript(_ output: Int) -> Double { self }
}

/// Two outputs, in the order of `outputs`.
public struct Two: Row {
  public var first, second: Double

  @inlinable
  public init(_ first: Double, _ second: Double) {
    self.first = first
    self.second = second
  }

  @inlinable public static var width: Int { 2 }
  @inlinable public subscript(_ output: Int) -> Double { output == 0 ? first : second }
}

/// Three outputs, in the order of `outputs`.
public struct Three: Row {
  public var first, second, third: Double

  @inlinable
  public init(_ first: Double, _ second: Double, _ third: Double) {
    self.first = first
    self.second = second
    self.third = third
  }

  @inlinable public static var width: Int { 3 }
  @inlinable public subscript(_ output: Int) -> Double { output == 0 ? first : output == 1 ? second : third }
}

/// Four outputs, in the order of `outputs`.
public struct Four: Row {
  public var first, second, third, fourth: Double

  @inlinable
  public init(_ first: Double, _ second: Double, _ third: Double, _ fourth: Double) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  @inlinable public static var width: Int { 4 }
  @inlinable public subscript(_ output: Int) -> Double {
    output == 0 ? first : output == 1 ? second : output == 2 ? third : fourth
  }
}
