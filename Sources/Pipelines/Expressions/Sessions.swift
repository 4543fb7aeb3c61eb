import PluginKit
import Trading

extension Binder {
  /// What stands behind `session.`: values of the session so far, of its first part, and of the one before.
  static let sessionNames = [
    "open", "high", "low", "elapsed", "vwap", "previous_high", "previous_low", "previous_close", "pivot", "r1", "s1",
    "r2", "s2", "missed",
  ]

  func session(_ name: String, _ range: Range<Int>, _ arguments: [Expression]) -> Bound? {
    guard Binder.sessionNames.contains(name) else {
      report(
        .unknownName, range, "session has no \"\(name)\"",
        hint: suggestion(for: name, among: Binder.sessionNames, called: "names"))
      return nil
    }
    var minutes: Int?
    if let argument = arguments.first {
      guard ["open", "high", "low"].contains(name) else {
        report(.wrongArguments, range, "\(name) is not called here: leave out the brackets")
        return nil
      }
      guard arguments.count == 1, case .duration(let length) = argument.kind else {
        report(
          .wrongArguments, argument.range, "session.\(name) takes the length of the session's first part",
          hint: "session.\(name)(30m)")
        return nil
      }
      minutes = Int(length.milliseconds / 60_000)
    }
    return Bound(node: graph.session(name, minutes, registry), kind: .number)
  }
}

extension Graph {
  mutating func session(_ name: String, _ minutes: Int?, _ registry: Registry) -> Int {
    let starts = series(SeriesKey(.sessionStart))
    let elapsed = series(SeriesKey(.sessionElapsed))
    let start = apply(.equal, [starts, number(1)])
    func extreme(_ term: Term, _ operation: Operation, _ graph: inout Graph) -> Int {
      let column = graph.add(term, registry)
      return graph.apply(operation, [column, starts, elapsed])
    }
    /// What a column was when the session before ended.
    func previous(_ column: Int, _ graph: inout Graph) -> Int {
      let before = graph.apply(.ago(1), [column])
      return graph.apply(.valueWhen, [start, before])
    }
    switch name {
    case "elapsed": return elapsed
    case "missed": return series(SeriesKey(.sessionsMissed))
    case "high": return extreme(.high, .sessionHighest(minutes: minutes), &self)
    case "low": return extreme(.low, .sessionLowest(minutes: minutes), &self)
    case "open": return apply(.valueWhen, [start, add(.open, registry)])
    case "vwap": return vwap(since: start)
    default: break
    }
    let high = previous(extreme(.high, .sessionHighest(minutes: nil), &self), &self)
    let low = previous(extreme(.low, .sessionLowest(minutes: nil), &self), &self)
    let close = previous(add(.close, registry), &self)
    let pivot = apply(.divide, [apply(.add, [apply(.add, [high, low]), close]), number(3)])
    let twice = apply(.multiply, [pivot, number(2)])
    let range = apply(.subtract, [high, low])
    switch name {
    case "previous_high": return high
    case "previous_low": return low
    case "previous_close": return close
    case "r1": return apply(.subtract, [twice, low])
    case "s1": return apply(.subtract, [twice, high])
    case "r2": return apply(.add, [pivot, range])
    case "s2": return apply(.subtract, [pivot, range])
    default: return pivot
    }
  }

  /// Σ typical price × volume / Σ volume, since a condition was last true.
  mutating func vwap(since start: Int) -> Int {
    func column(_ column: CandleSeries.Column, _ graph: inout Graph) -> Int {
      graph.series(SeriesKey(.candle(column)))
    }
    let sum = apply(.add, [apply(.add, [column(.high, &self), column(.low, &self)]), column(.close, &self)])
    let typical = apply(.divide, [sum, number(3)])
    let volume = column(.volume, &self)
    let paid = apply(.sumSince, [start, apply(.multiply, [typical, volume])])
    return apply(.divide, [paid, apply(.sumSince, [start, volume])])
  }
}
