import PluginKit
import Trading

extension StrategyTest {
  /// One thing that a test finds otherwise than expected.
  struct Fault {
    var bar: Int
    var message: String
  }

  /// What is wrong with the signals that stand on the counted bars.
  func faults(in signals: [Signal]) -> [Fault] {
    var faults: [Fault] = []
    for wanted in expected {
      guard let found = signals.first(where: { wanted.meets($0) }) else {
        faults.append(
          Fault(
            bar: wanted.bar, message: "expected \(wanted.direction.rawValue) at bar \(wanted.bar), which did not come"))
        continue
      }
      for difference in wanted.differences(from: found) {
        faults.append(
          Fault(bar: wanted.bar, message: "\(wanted.direction.rawValue) at bar \(wanted.bar): \(difference)"))
      }
    }
    if !atLeast {
      for signal in signals where !expected.contains(where: { $0.meets(signal) }) {
        faults.append(
          Fault(
            bar: signal.bar, message: "unexpected \(signal.direction.rawValue) at bar \(signal.bar): \(signal.reason)"))
      }
    }
    return faults
  }
}

extension StrategyTest.Expectation {
  func meets(_ signal: Signal) -> Bool { bar == signal.bar && direction == signal.direction }

  /// In what a signal of this bar and direction is not what was expected.
  func differences(from signal: Signal) -> [String] {
    var differences: [String] = []
    if let confidence, !confidence.contains(signal.confidence) {
      differences.append("its confidence is \(Figure(signal.confidence)), expected \(Self.written(confidence))")
    }
    if let reason, !signal.reason.contains(reason) {
      differences.append("its reason does not contain \"\(reason)\": \(signal.reason)")
    }
    // A price is compared as it is printed, not to the last bit.
    if let price, !(abs(price - signal.price) <= 1e-6 * max(1, abs(price))) {
      differences.append("its price is \(Figure(signal.price)), expected \(Figure(price))")
    }
    return differences
  }

  /// `buy, confidence 60..90`.
  var described: String {
    var parts = [direction.rawValue]
    if let confidence { parts.append("confidence \(Self.written(confidence))") }
    if let reason { parts.append("reason \"\(reason)\"") }
    if let price { parts.append("price \(Figure(price))") }
    return parts.joined(separator: ", ")
  }

  private static func written(_ range: ClosedRange<Double>) -> String {
    range.lowerBound == range.upperBound
      ? Figure(range.lowerBound).description : "\(Figure(range.lowerBound))..\(Figure(range.upperBound))"
  }
}
