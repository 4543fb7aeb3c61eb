import PluginKit
import Trading

/// The trade rules in English, a line each.
struct EnglishTrade {
  let plan: TradePlan
  let words: TradeWords

  init(_ plan: TradePlan, _ narrator: EnglishNarrator) {
    self.plan = plan
    words = TradeWords(plan: plan, locale: .en, value: { narrator.value($0) }, clause: { narrator.clause($0) })
  }

  var lines: [String] {
    var lines = [side] + legs + [entry, size]
    lines += plan.stops.map(stop) + plan.targets.map(target)
    if let addition = plan.addition {
      lines.append(
        "Adds a unit as large as the first when \(words.condition(addition.when)), up to \(addition.units) units.")
    }
    if let bars = plan.maxBars { lines.append("Leaves after \(bars) bars at the latest.") }
    if let count = plan.entriesPerSession {
      lines.append("Enters at most \(count == 1 ? "once" : "\(count) times") a session.")
    }
    if let minutes = plan.flat {
      lines.append(
        minutes == 0
          ? "Leaves everything at the session's close."
          : "Leaves everything \(minutes) minutes before the session's close, and enters no more.")
    }
    if case .whileTrue = plan.reentry {
      lines.append("After a stop it enters again while the condition is still true.")
    }
    return lines.filter { !$0.isEmpty }.map { "  \($0)" }
  }

  private var side: String {
    switch plan.side {
    case .long: "Long only: a buy enters, a sell leaves."
    case .short: "Short only: a sell enters, a buy leaves."
    case .both: "Long and short: each signal turns the position round."
    }
  }

  private var legs: [String] {
    guard !plan.legs.isEmpty else { return [] }
    let parts = plan.legs.map { "\(words.text($0.weight)) of \($0.role)" }.joined(separator: " and ")
    return ["One unit is \(parts); a sell is the opposite. All of it fills at one open."]
  }

  private var entry: String {
    switch plan.entry {
    case .market: ""
    case .stop(let price, let expires):
      "Enters by a stop order at \(words.text(price)), worked out at the signal\(until(expires))."
    case .limit(let price, let expires):
      "Enters by a limit order at \(words.text(price)), worked out at the signal\(until(expires))."
    }
  }

  private func until(_ expiry: TradePlan.Expiry?) -> String {
    switch expiry {
    case .bars(let bars): ", valid for \(bars == 1 ? "one bar" : "\(bars) bars")"
    case .duration(let duration): ", valid for \(duration)"
    case .session: ", valid to the session's end"
    case nil: ", valid until another signal"
    }
  }

  private var size: String {
    switch plan.size {
    case .equity(let share): "An entry takes \(TradePlan.percent(share)) of the equity."
    case .fixed(let money): "An entry takes \(Figure(money)) of money."
    case .risk(let share, let distance):
      "An entry is so large that \(words.text(distance)) against it costs \(TradePlan.percent(share)) of the equity."
    case .volatility(let target, _, let bars):
      "An entry is so large that the equity moves by \(TradePlan.percent(target)) a year, by the last \(bars) bars."
    case .kelly(let kelly):
      "An entry takes \(TradePlan.percent(kelly.fraction)) of the Kelly stake of its own closed positions, "
        + "\(TradePlan.percent(kelly.floor)) to \(TradePlan.percent(kelly.cap)) of the equity, "
        + "and \(TradePlan.percent(kelly.floor)) before there are \(kelly.after)."
    }
  }

  private func stop(_ stop: TradePlan.Stop) -> String {
    switch stop {
    case .fraction(let share, let from): "Stop: \(TradePlan.percent(share)) from \(self.from(from))."
    case .distance(let distance, let from): "Stop: \(words.text(distance)) from \(self.from(from))."
    case .price(let price): "Stop: at \(words.text(price))."
    case .trail(let share): "Stop: \(TradePlan.percent(share)) from the best price since the entry."
    case .when(let condition): "Stop: leaves when at a close \(words.condition(condition))."
    }
  }

  private func from(_ origin: TradePlan.Origin) -> String { origin == .entry ? "the fill" : "the last fill" }

  private func target(_ target: TradePlan.Target) -> String {
    let close = TradePlan.percent(target.close)
    switch target.at {
    case .fraction(let share): return "Target: \(TradePlan.percent(share)) from the fill closes \(close)."
    case .distance(let distance): return "Target: \(words.text(distance)) from the fill closes \(close)."
    case .price(let price): return "Target: at \(words.text(price)) closes \(close)."
    }
  }
}
