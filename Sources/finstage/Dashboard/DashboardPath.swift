import HTTPAPI

/// Where pages of the dashboard are.
enum DashboardPath {
  static func signal(_ id: Int64) -> String { "/signals/\(id)" }
  static func strategy(_ name: String, symbol: String? = nil) -> String {
    "/strategies/\(PercentCoding.encoded(name))" + query([("symbol", symbol)])
  }
  static func prices(_ strategy: String, symbol: String) -> String {
    "/charts/prices" + query([("strategy", strategy), ("symbol", symbol)])
  }
  static func backtest(_ id: Int) -> String { "/backtests/\(id)" }
  static func sweep(_ id: Int) -> String { "/sweeps/\(id)" }
  static func job(_ name: String, _ change: String) -> String { "/schedule/\(PercentCoding.encoded(name))/\(change)" }
  static func message(_ id: Int64, _ change: String) -> String { "/outbox/\(id)/\(change)" }
  static func report(_ kind: String, _ slot: String) -> String {
    "/reports/\(PercentCoding.encoded(kind))/\(PercentCoding.encoded(slot))"
  }

  /// What stands behind the question mark; what is nil or empty is left out.
  static func query(_ values: [(name: String, value: String?)]) -> String {
    let pairs = values.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : "\(name)=\(PercentCoding.encoded($0))" }
    }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// A target with another language; what else it asks stays.
  static func target(_ target: String, in language: String) -> String {
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = (halves.count == 2 ? halves[1].split(separator: "&") : []).filter { !$0.hasPrefix("lang=") }
    return "\(halves.first ?? "/")?" + (rest.map(String.init) + ["lang=\(language)"]).joined(separator: "&")
  }
}
