import PluginKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One operation at work over blocks of columns. A condition is 1, 0 or, where it is unknown, NaN (Kleene's three
/// values). Those that look back keep a count instead of the bars where they can.
final class OperationWork {
  private let operation: Operation
  /// Bars since something was last so; what it counts is said at each use.
  private var since = OperationWork.never
  private var sinceUnknown = 0
  private var last = Double.nan
  private var counted = (known: 0, unknown: 0)

  private static let never = Int.max / 2

  init(_ operation: Operation) {
    self.operation = operation
    if case .count(let bars) = operation { counted.unknown = bars }
  }

  /// What it has seen.
  private struct Past {
    var since, sinceUnknown: Int
    var last: Double
    var counted: (known: Int, unknown: Int)
  }

  private var past: Past {
    get { Past(since: since, sinceUnknown: sinceUnknown, last: last, counted: counted) }
    set {
      (since, sinceUnknown, last, counted) = (newValue.since, newValue.sinceUnknown, newValue.last, newValue.counted)
    }
  }

  /// What it has seen, to be kept apart from it; nil where it looks at nothing but its inputs. Only for work that has not
  /// begun.
  var memory: WorkMemory? {
    switch operation {
    case .starts, .spaced, .within, .every, .latest, .count, .sessionHighest, .sessionLowest, .since, .sumSince,
      .valueWhen, .allTimeHigh, .allTimeLow:
      let fresh = past
      return WorkMemory(
        of: Past.self, initialize: { $0.initialize(to: fresh) },
        exchange: { kept in
          let own = self.past
          self.past = kept.pointee
          kept.pointee = own
        })
    case .add, .subtract, .multiply, .divide, .negate, .absolute, .logarithm, .squareRoot, .less, .lessOrEqual,
      .greater, .greaterOrEqual, .equal, .notEqual, .not, .and, .or, .minimum, .maximum, .coalesce, .ago,
      .crossesAbove, .crossesBelow, .choose, .vote:
      return nil
    }
  }

  /// Input k of a row is `inputs[k][row]`; earlier rows are before it.
  func advance(_ rows: Range<Int>, _ inputs: [UnsafePointer<Double>], _ out: UnsafeMutablePointer<Double>) {
    guard let x = inputs.first else { return }
    let y = inputs.count > 1 ? inputs[1] : x
    switch operation {
    case .add: for row in rows { out[row] = finite(x[row] + y[row]) }
    case .subtract: for row in rows { out[row] = finite(x[row] - y[row]) }
    case .multiply: for row in rows { out[row] = finite(x[row] * y[row]) }
    case .divide: for row in rows { out[row] = finite(x[row] / y[row]) }
    case .negate: for row in rows { out[row] = -x[row] }
    case .absolute: for row in rows { out[row] = abs(x[row]) }
    case .logarithm: for row in rows { out[row] = finite(log(x[row])) }
    case .squareRoot: for row in rows { out[row] = x[row].squareRoot() }
    case .less: for row in rows { out[row] = truth(x[row] < y[row], x[row], y[row]) }
    case .lessOrEqual: for row in rows { out[row] = truth(x[row] <= y[row], x[row], y[row]) }
    case .greater: for row in rows { out[row] = truth(x[row] > y[row], x[row], y[row]) }
    case .greaterOrEqual: for row in rows { out[row] = truth(x[row] >= y[row], x[row], y[row]) }
    case .equal: for row in rows { out[row] = truth(x[row] == y[row], x[row], y[row]) }
    case .notEqual: for row in rows { out[row] = truth(x[row] != y[row], x[row], y[row]) }
    case .not: for row in rows { out[row] = 1 - x[row] }
    case .and: fold(rows, inputs, out) { both($0, $1) }
    case .or: fold(rows, inputs, out) { either($0, $1) }
    case .minimum: fold(rows, inputs, out) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }
    case .maximum: fold(rows, inputs, out) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    case .coalesce: fold(rows, inputs, out) { $0.isNaN ? $1 : $0 }
    case .ago(let bars): for row in rows { out[row] = x[row - bars] }
    case .crossesAbove:
      for row in rows {
        out[row] = both(
          truth(x[row] > y[row], x[row], y[row]), truth(x[row - 1] <= y[row - 1], x[row - 1], y[row - 1]))
      }
    case .crossesBelow:
      for row in rows {
        out[row] = both(
          truth(x[row] < y[row], x[row], y[row]), truth(x[row - 1] >= y[row - 1], x[row - 1], y[row - 1]))
      }
    case .choose:
      guard inputs.count == 3 else { return }
      let z = inputs[2]
      for row in rows { out[row] = x[row].isNaN ? .nan : x[row] == 1 ? y[row] : z[row] }
    case .vote: for row in rows { out[row] = vote(x[row], y[row]) }
    case .starts: for row in rows { out[row] = starts(x[row], y[row]) }
    case .spaced(let bars): for row in rows { out[row] = spaced(bars, x[row]) }
    case .within(let bars): for row in rows { out[row] = within(bars, x[row]) }
    case .every(let bars): for row in rows { out[row] = 1 - within(bars, 1 - x[row]) }
    case .latest(let bars): for row in rows { out[row] = latest(bars, x[row]) }
    case .count(let bars): for row in rows { out[row] = tally(bars, now: x[row], leaving: x[row - bars]) }
    case .sessionHighest(let minutes):
      guard inputs.count == 3 else { return }
      for row in rows { out[row] = session(minutes, x[row], y[row], inputs[2][row]) }
    case .sessionLowest(let minutes):
      guard inputs.count == 3 else { return }
      for row in rows { out[row] = -session(minutes, -x[row], y[row], inputs[2][row]) }
    case .since:
      for row in rows {
        since = x[row] == 1 ? 0 : min(since + 1, OperationWork.never)
        out[row] = since < OperationWork.never ? Double(since) : .nan
      }
    case .sumSince:
      for row in rows {
        if x[row] == 1 { last = 0 }
        if !y[row].isNaN { last += y[row] }
        out[row] = last
      }
    case .allTimeHigh:
      for row in rows {
        if x[row] > last || last.isNaN { last = x[row] }
        out[row] = last
      }
    case .allTimeLow:
      for row in rows {
        if x[row] < last || last.isNaN { last = x[row] }
        out[row] = last
      }
    case .valueWhen:
      for row in rows {
        if x[row] == 1 { last = y[row] }
        out[row] = last
      }
    }
  }

  @inline(__always)
  private func finite(_ value: Double) -> Double { value.isFinite ? value : .nan }

  @inline(__always)
  private func truth(_ holds: Bool, _ a: Double, _ b: Double) -> Double {
    a == a && b == b ? (holds ? 1 : 0) : .nan
  }

  @inline(__always)
  private func both(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a.isNaN || b.isNaN ? .nan : 1 }

  @inline(__always)
  private func either(_ a: Double, _ b: Double) -> Double { a == 1 || b == 1 ? 1 : a.isNaN || b.isNaN ? .nan : 0 }

  /// Buy and sell both true is a conflict, and no direction.
  private func vote(_ buy: Double, _ sell: Double) -> Double {
    if buy == 1 { return sell == 1 ? 0 : 1 }
    if sell == 1 { return -1 }
    return buy.isNaN || sell.isNaN ? .nan : 0
  }

  private func starts(_ x: Double, _ close: Double) -> Double {
    if close.isNaN { return .nan }
    let was = last == 1
    last = x
    return x == 1 && was ? 0 : x
  }

  private func spaced(_ bars: Int, _ x: Double) -> Double {
    since = min(since + 1, OperationWork.never)
    guard x == 1 else { return x }
    if since < bars { return 0 }
    since = 0
    return 1
  }

  private func fold(
    _ rows: Range<Int>, _ inputs: [UnsafePointer<Double>], _ out: UnsafeMutablePointer<Double>,
    _ combine: (Double, Double) -> Double
  ) {
    guard let first = inputs.first else { return }
    for row in rows { out[row] = first[row] }
    for input in inputs.dropFirst() {
      for row in rows { out[row] = combine(out[row], input[row]) }
    }
  }

  /// What is before the first bar is unknown.
  private func within(_ bars: Int, _ x: Double) -> Double {
    since = x == 1 ? 0 : min(since + 1, OperationWork.never)
    sinceUnknown = x.isNaN ? 0 : min(sinceUnknown + 1, OperationWork.never)
    return since < bars ? 1 : sinceUnknown < bars ? .nan : 0
  }

  /// The latest direction that is known; a bar without one, or a missing bar, ends none.
  private func latest(_ bars: Int, _ vote: Double) -> Double {
    if vote == 1 || vote == -1 { (last, since) = (vote, 0) } else { since = min(since + 1, OperationWork.never) }
    sinceUnknown = vote.isNaN ? 0 : min(sinceUnknown + 1, OperationWork.never)
    return since < bars ? last : sinceUnknown < bars ? .nan : 0
  }

  /// The greatest value of the session's first minutes; unknown until they are over, and where no bar lies in them.
  private func session(_ minutes: Int?, _ x: Double, _ starts: Double, _ elapsed: Double) -> Double {
    if starts == 1 { last = .nan }
    guard let minutes else {
      if !x.isNaN { last = last.isNaN ? x : max(last, x) }
      return last
    }
    let limit = Double(minutes)
    if elapsed <= limit, !x.isNaN { last = last.isNaN ? x : max(last, x) }
    return elapsed >= limit ? last : .nan
  }

  private func tally(_ bars: Int, now: Double, leaving: Double) -> Double {
    if now.isNaN { counted.unknown += 1 } else if now == 1 { counted.known += 1 }
    if leaving.isNaN { counted.unknown -= 1 } else if leaving == 1 { counted.known -= 1 }
    return counted.unknown > 0 ? .nan : Double(counted.known)
  }
}
