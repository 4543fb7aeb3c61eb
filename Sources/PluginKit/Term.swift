public import Trading

/// What a rule is made of. A signal module rewrites its parameters and inputs into terms, and an expression in YAML
/// parses to the same; equal terms become one node of the graph, however many strategies name them.
public indirect enum Term: Hashable, Sendable {
  case number(Double)
  case series(SeriesKey)
  /// An indicator by id, with the series it is given, its settings, and which of its outputs is meant.
  case call(String, [Term], [String: Double], output: Int)
  case operation(Operation, [Term])
  /// A term on the clock of a higher timeframe: inside it one bar is one higher bar, and its value is that of the last
  /// one that was closed when the deciding bar was.
  case clock(Term, Timeframe)
  /// A column that stands in the graph already, such as the vote of an earlier step.
  case column(ColumnID)
}

/// Names a column of a graph.
public struct ColumnID: Hashable, Sendable {
  public let index: Int
  public init(_ index: Int) { self.index = index }
}

/// Which series is meant. Without symbol and timeframe it is that of the deciding bar; any other is aligned to the
/// deciding clock first, by the moment at which each of its values was known.
public struct SeriesKey: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case candle(CandleSeries.Column)
    /// 1 on the first bar of a session, else 0. Without a calendar a session is a UTC date.
    case sessionStart
    /// Minutes from the session's first open to the close of the bar.
    case sessionElapsed
    /// How many sessions of the calendar passed without a bar since the session before this one; 0 where no calendar is
    /// known.
    case sessionsMissed
    /// Monday 1 … Sunday 7, of the bar's label in UTC.
    case weekday
    /// A price as it was quoted: adjusted for splits, and not for dividends.
    case quoted(CandleSeries.Column)
    /// One number for all bars of a symbol.
    case bySymbol(NumberBySymbol)
    /// What is known besides prices, each thing with the moment from which it was known: news and filings.
    case fact(FactMeasure)
  }

  public var kind: Kind
  public var symbol: String?
  public var timeframe: Timeframe?

  public init(_ kind: Kind, symbol: String? = nil, timeframe: Timeframe? = nil) {
    self.kind = kind
    self.symbol = symbol
    self.timeframe = timeframe
  }
}

/// A number that depends on the symbol.
public struct NumberBySymbol: Hashable, Sendable, CustomStringConvertible {
  /// Of symbols that are not named; nil where those have none.
  public var initial: Double?
  public var symbols: [String: Double]

  public init(_ initial: Double?, symbols: [String: Double] = [:]) {
    self.initial = initial
    self.symbols = symbols
  }

  /// NaN where the symbol has none.
  public subscript(symbol: String) -> Double { symbols[symbol] ?? initial ?? .nan }

  /// Every number that it can be.
  public var numbers: [Double] { symbols.values + (initial.map { [$0] } ?? []) }

  /// The same for equal tables, whatever the order in which they were made.
  public var description: String {
    let named = symbols.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return (named + ["*=\(initial.map { "\($0)" } ?? "none")"]).joined(separator: " ")
  }
}

/// The operations of the expression language. A condition is 1, 0 or, where it is unknown, NaN; a vote is +1 for buy,
/// −1 for sell, 0 for neither, NaN where it is unknown.
public enum Operation: Hashable, Sendable {
  case add, subtract, multiply, divide, negate
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case and, or, not
  /// The value n bars ago.
  case ago(Int)
  case crossesAbove, crossesBelow
  /// True on one of, on every one of, how often in the last n bars, this one included.
  case within(Int), every(Int), count(Int)
  /// The bar on which a condition becomes true, as a signal stands: unknown to true is such a bar, and one on which the
  /// second input (the close) is missing is passed over and ends nothing.
  case starts
  /// A condition, let through at most once in n bars.
  case spaced(Int)
  case since, valueWhen
  /// The greatest, the least value so far; a missing one is passed over.
  case allTimeHigh, allTimeLow
  /// Of a condition and a number: the sum of the number since the condition was last true, that bar included.
  case sumSince
  case absolute, minimum, maximum, logarithm, squareRoot
  case choose, coalesce
  /// Of a bullish and a bearish condition, the vote.
  case vote
  /// The latest direction of a vote in the last n bars, this one included.
  case latest(Int)
  /// Of a column, the session's start and its minutes: the greatest, the least value of the session's first minutes,
  /// known when they are over; without minutes, of the session so far.
  case sessionHighest(minutes: Int?), sessionLowest(minutes: Int?)
}

extension Term {
  public static let open = Term.series(SeriesKey(.candle(.open)))
  public static let high = Term.series(SeriesKey(.candle(.high)))
  public static let low = Term.series(SeriesKey(.candle(.low)))
  public static let close = Term.series(SeriesKey(.candle(.close)))
  public static let volume = Term.series(SeriesKey(.candle(.volume)))

  /// An indicator of one output, or the named output of one with several by its place.
  public static func indicator(
    _ id: String, _ inputs: Term..., with settings: [String: Double] = [:], output: Int = 0
  ) -> Term { .call(id, inputs, settings, output: output) }

  /// The same on the clock of a higher timeframe.
  public func at(_ timeframe: Timeframe) -> Term { .clock(self, timeframe) }
  /// The value n bars ago.
  public func ago(_ bars: Int) -> Term { .operation(.ago(bars), [self]) }
  public func crossesAbove(_ other: Term) -> Term { .operation(.crossesAbove, [self, other]) }
  public func crossesBelow(_ other: Term) -> Term { .operation(.crossesBelow, [self, other]) }
  public func equals(_ other: Term) -> Term { .operation(.equal, [self, other]) }
  /// The latest direction of this vote within the last n bars.
  public func latest(_ bars: Int) -> Term { .operation(.latest(bars), [self]) }

  /// True on one of the last n bars, this one included.
  public func within(_ bars: Int) -> Term { .operation(.within(bars), [self]) }
  /// The bar on which this condition becomes true.
  public var starts: Term { .operation(.starts, [self, .close]) }
  /// This condition, let through at most once in n bars.
  public func spaced(_ bars: Int) -> Term { .operation(.spaced(bars), [self]) }
  /// This value, or the other where this one is unknown.
  public func coalesce(_ other: Term) -> Term { .operation(.coalesce, [self, other]) }
  /// As a condition: one value where it is true, the other where it is not.
  public func choose(_ one: Term, else other: Term) -> Term { .operation(.choose, [self, one, other]) }
  public var magnitude: Term { .operation(.absolute, [self]) }
  public static func sum(_ terms: [Term]) -> Term { terms.dropFirst().reduce(terms.first ?? 0, +) }

  /// x / x[n] − 1.
  public func change(_ bars: Int = 1) -> Term { self / ago(bars) - 1 }

  public static func + (left: Term, right: Term) -> Term { .operation(.add, [left, right]) }
  public static func - (left: Term, right: Term) -> Term { .operation(.subtract, [left, right]) }
  public static func * (left: Term, right: Term) -> Term { .operation(.multiply, [left, right]) }
  public static func / (left: Term, right: Term) -> Term { .operation(.divide, [left, right]) }
  public static func < (left: Term, right: Term) -> Term { .operation(.less, [left, right]) }
  public static func <= (left: Term, right: Term) -> Term { .operation(.lessOrEqual, [left, right]) }
  public static func > (left: Term, right: Term) -> Term { .operation(.greater, [left, right]) }
  public static func >= (left: Term, right: Term) -> Term { .operation(.greaterOrEqual, [left, right]) }
  public static func && (left: Term, right: Term) -> Term { .operation(.and, [left, right]) }
  public static func || (left: Term, right: Term) -> Term { .operation(.or, [left, right]) }
}

extension Term: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
}
