import PluginKit

/// The averages that a module may choose among: those of the form `(x, period)`.
enum MovingAverage {
  static let ids = ["sma", "ema", "wma", "dema", "tema", "kama", "trima", "hull_ma", "zlema"]

  static func term(_ id: String, _ period: Int) -> Term {
    .indicator(id, .close, with: ["period": Double(period)])
  }

  /// Says why an average cannot have a period: some need more bars than others.
  static func fault(_ id: String, _ periods: Int...) -> String? {
    let spec = indicators.first { $0.id == id }?.parameters.first { $0.name == "period" }
    for period in periods {
      if let spec, spec.fault(in: .number(Double(period))) != nil {
        return "the period \(period) is too short for \(id), whose period is \(spec.admitted)"
      }
    }
    return nil
  }
}
