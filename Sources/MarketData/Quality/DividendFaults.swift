import Trading

/// Amounts that are a hundred times too high or too low, or far beyond what the price shows.
enum DividendAmounts {
  static func fault(
    _ scan: QualityScan, _ payment: Payment, among all: [Payment], usual: Double?, inHundredths: Bool
  ) -> QualityFinding? {
    let share = payment.share
    let noise = scan.noise.at(payment.place)
    if let step = payment.step, inHundredths, isNear(step, share / 100) {
      return make(
        scan, payment, factor: 0.01, "the adjusted close takes off \(Words.percent(step)), a hundredth of that")
    }
    if let step = payment.step, isNear(step, share * 100), let usual, share * 20 < usual {
      return make(
        scan, payment, factor: 100,
        "the adjusted close takes off \(Words.percent(step)), a hundred times that, and other dividends are about "
          + Words.percent(usual))
    }
    let isUnseen = share > 0.05 && share > 3 * max(payment.deepest, 0) + 5 * noise
    let fits = usual.map { share / 100 > $0 / 4 && share / 100 < $0 * 4 } ?? (share >= 0.2)
    if share >= 1 || isUnseen && fits {
      return make(scan, payment, factor: 0.01, "the price fell \(Words.percent(payment.fall))")
    }
    if let usual, share * 25 < usual, isLikeOthers(payment, among: all) {
      return make(scan, payment, factor: 100, "other dividends are about \(Words.percent(usual))")
    }
    guard isUnseen, usual.map({ share > 5 * $0 }) ?? true, payment.gain == 0 else { return nil }
    return QualityFinding(
      .badDividend, .warning, scan.rows, payment.bar...payment.bar,
      "\(said(payment)), and the price fell \(Words.percent(payment.fall))",
      proposal: "ask another source for the amount")
  }

  /// Whether amounts that are a hundred times what adjusted closes take off are what is wrong: together they are far
  /// more than the prices fell. Where they are not, the adjusted closes are.
  static func areInHundredths(_ payments: [Payment]) -> Bool {
    let apart = payments.filter { payment in payment.step.map { isNear($0, payment.share / 100) } ?? false }
    let paid = apart.reduce(0) { $0 + $1.share }
    return paid > 2.5 * apart.reduce(0) { $0 + max(0, $1.deepest) }
  }

  /// Whether a hundred times the amount is about one of the two dividends before and after it; or, where dividends are
  /// steady, about any.
  private static func isLikeOthers(_ payment: Payment, among all: [Payment]) -> Bool {
    guard let index = all.firstIndex(where: { $0.bar == payment.bar }) else { return false }
    let isBeside = all[max(0, index - 2)..<min(all.count, index + 3)].contains {
      $0.amount > 0 && abs(payment.amount * 100 / $0.amount - 1) < 0.15
    }
    let shares = all.filter { $0.bar != payment.bar && $0.amount > 0 }.map(\.share)
    guard let least = shares.min(), let most = shares.max() else { return isBeside }
    return isBeside || most < 4 * least && (least / 1.5..<most * 1.5).contains(payment.share * 100)
  }

  private static func isNear(_ step: Double, _ wanted: Double) -> Bool {
    abs(step - wanted) <= max(0.00002, 0.1 * wanted)
  }

  private static func said(_ payment: Payment) -> String {
    "a dividend of \(Words.number(payment.amount)) is \(Words.percent(payment.share)) of the close before, "
      + Words.number(payment.before)
  }

  private static func make(
    _ scan: QualityScan, _ payment: Payment, factor: Double, _ reason: String
  ) -> QualityFinding {
    let right = payment.amount * factor
    let share = right / payment.before
    // What was rounded away from the adjusted close is no reason to make it anew.
    let keeps = payment.step.map { abs($0 - share) <= max(0.0001, 0.05 * share) } ?? (scan.rows.adjusted == nil)
    return QualityFinding(
      .badDividend, .error, scan.rows, payment.bar...payment.bar, "\(said(payment)); \(reason)",
      proposal: "take \(Words.number(right)) for the amount\(keeps ? "" : ", and adjust by \(Words.percent(share))")",
      edits: [.setDividend(bar: payment.bar, to: right)]
        + (keeps ? [] : [.readjust(before: payment.bar, share: share)]))
  }
}

/// Adjusted closes that do not step by what was paid.
enum DividendSteps {
  static func fault(_ scan: QualityScan, _ payment: Payment) -> QualityFinding? {
    let rows = scan.rows
    guard let adjusted = rows.adjusted, adjusted.contains(where: { !$0.isNaN }), payment.share < 1 else { return nil }
    let share = payment.share
    guard let step = payment.step else {
      guard payment.isBroken else { return nil }
      return make(scan, payment, "the adjusted close is no number above 0")
    }
    if payment.gain > 0 {
      let both = [share, share + payment.gainShare]
      if both.contains(where: { abs(step - $0) <= max(0.0035, 0.25 * $0) }) { return nil }
    }
    if payment.isBroken { return make(scan, payment, "the adjusted close is not above 0") }
    let isNone = abs(step) < 0.003 * share && share > 0.0005
    let isHundredth = share > 0.0005 && abs(step - share / 100) < 0.002 * share
    guard isNone || isHundredth || abs(step - share) > max(0.0035, 0.25 * share) else { return nil }
    return make(
      scan, payment,
      isNone
        ? "the adjusted close takes off nothing"
        : "the adjusted close takes off \(Words.percent(step))\(isHundredth ? ", a hundredth of that" : "")")
  }

  private static func make(_ scan: QualityScan, _ payment: Payment, _ reason: String) -> QualityFinding {
    QualityFinding(
      .badDividend, .error, scan.rows, payment.bar...payment.bar,
      "a dividend of \(Words.number(payment.amount)) is \(Words.percent(payment.share)) of the close before, "
        + "\(Words.number(payment.before)); \(reason)",
      proposal: "adjust closes before it by \(Words.percent(payment.share))",
      edits: [.readjust(before: payment.bar, share: payment.share)])
  }
}
