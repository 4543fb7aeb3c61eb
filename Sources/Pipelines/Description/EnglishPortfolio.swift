import Trading

/// Rotations and portfolios in English.
enum EnglishPortfolio {
  static func lines(_ rotation: Rotation, _ source: NarratedGraph) -> [String] {
    let narrator = EnglishNarrator(source)
    var lines = head(rotation.title, rotation.description)
    lines += ["On bars of \(rotation.timeframe), a choice among \(rotation.universe.joined(separator: ", ")).", ""]
    lines.append("Ranking")
    lines.append("  Each symbol is ranked by \(narrator.value(rotation.rank)), the highest first.")
    if let condition = rotation.condition {
      source.startAgain()
      lines.append("  Only symbols where \(narrator.clause(condition)) are ranked.")
    }
    lines += ["", "Holding"]
    lines.append(
      rotation.top == 1 ? "  The best one is held." : "  The best \(rotation.top) are held.")
    if rotation.untilRank > rotation.top {
      lines.append("  One that is held is kept until its rank is worse than \(rotation.untilRank).")
    }
    lines.append("  An empty place stays cash.")
    lines.append("  " + weights(rotation.weighting, "its places"))
    lines.append(
      "  It is decided on the first bar of \(period(rotation.rebalance)), by what was known at the close before, and "
        + "filled at that bar's open.")
    return lines
  }

  static func lines(_ portfolio: Portfolio) -> [String] {
    var lines = head(portfolio.title, portfolio.description)
    lines.append("One purse for the strategies \(portfolio.strategies.map(\.name).joined(separator: ", ")).")
    if let symbols = portfolio.symbols {
      lines.append("They act on \(symbols.joined(separator: ", ")), whatever symbols they name.")
    }
    lines += ["", "Trading", "  " + weights(portfolio.weighting, "its positions")]
    if let most = portfolio.maxPositions {
      lines.append(
        "  At most \(most) position\(most == 1 ? "" : "s") at one time: the most confident come first, others are "
          + "left out and counted.")
    }
    switch portfolio.onConflict {
    case .first: lines.append("  On opposite sides of one symbol the strategy that is named first has its way.")
    case .skip: lines.append("  An entry against a position on the same symbol is left out.")
    case .net: lines.append("  Opposite positions on one symbol are both held.")
    }
    if let rebalance = portfolio.rebalance {
      lines.append("  Positions are brought back to their weights on the first bar of \(period(rebalance)).")
    }
    return lines
  }

  private static func head(_ title: String, _ description: String) -> [String] {
    [title] + (description.isEmpty ? [] : [description]) + [""]
  }

  private static func weights(_ weighting: Weighting, _ what: String) -> String {
    let over = "over the last \(weighting.lookback) bars"
    return switch weighting.rule {
    case .equal: "The money is divided equally among \(what)."
    case .riskParity: "The money is divided among \(what) by the inverse of the volatility \(over)."
    case .momentum: "The money is divided among \(what) by the return \(over); what fell gets nothing."
    case .meanReversion: "The money is divided among \(what) by the loss \(over); what rose gets nothing."
    }
  }

  private static func period(_ period: Timeframe) -> String {
    guard period.count == 1 else { return "each \(period)" }
    return switch period.unit {
    case .minute: "each minute"
    case .hour: "each hour"
    case .day: "each day"
    case .week: "each week"
    case .month: "each month"
    }
  }
}
