import PluginKit
import Trading

/// Price alerts in English.
enum EnglishAlert {
  static func lines(_ alert: PriceAlert) -> [String] {
    var lines = [alert.title]
    if !alert.description.isEmpty { lines.append(alert.description) }
    lines += [
      "", "Observes the closes of bars of \(alert.timeframe), for \(alert.symbols.joined(separator: ", ")).", "",
    ]
    for watch in alert.watches {
      lines.append("\(watch.rule.title) (\(watch.rule.rawValue))")
      lines.append("  When \(clause(watch)).")
      let own = names(watch.threshold)
      if !own.isEmpty { lines.append("  Other thresholds: \(own).") }
      if watch.timeframe != alert.timeframe { lines.append("  On bars of \(watch.timeframe).") }
      lines.append("  \(told(watch))")
    }
    return lines + [
      "",
      "The session before is that of the exchange's calendar: where there is no bar of it, nothing is measured against an "
        + "older one. Nothing is traded.",
    ]
  }

  private static func clause(_ watch: AlertWatch) -> String {
    let share = watch.threshold.initial.map { "\(TradePlan.percent($0)) or more " } ?? "the symbol's threshold or more "
    let margin = watch.threshold.initial.map { $0 > 0 ? "more than \(TradePlan.percent($0)) " : "" } ?? ""
    return switch watch.rule {
    case .priceRise: "the close is \(share)above the previous session's close"
    case .priceDrop: "the close is \(share)below the previous session's close"
    case .breakPreviousHigh: "the close is \(margin)above the previous session's high"
    case .breakPreviousLow: "the close is \(margin)below the previous session's low"
    case .newHigh: "the close is \(margin)above the highest price of all bars before"
    case .dropFromHigh: "the close is \(share)below the highest price so far, until it no longer is"
    case .surge: "the close is \(share)above that of the bar before"
    case .plunge: "the close is \(share)below that of the bar before"
    case .gapUp: "a session opens \(share)above the previous session's close"
    case .gapDown: "a session opens \(share)below the previous session's close"
    }
  }

  private static func names(_ threshold: AlertThreshold) -> String {
    let categories = threshold.categories.sorted { $0.key < $1.key }.map { ("the category \($0.key)", $0.value) }
    let symbols = threshold.symbols.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return (categories + symbols).map { "\($0.0) \(TradePlan.percent($0.1))" }.joined(separator: ", ")
  }

  private static func told(_ watch: AlertWatch) -> String {
    var text = "Priority \(watch.notify.priority.rawValue)"
    if let high = watch.high { text += ", high from \(TradePlan.percent(high)) on" }
    if let cooldown = watch.notify.cooldown { text += "; not told again within \(cooldown)" }
    return text + "."
  }
}
