import Trading

/// Dividends whose amount cannot be, and closes that are not adjusted by what was paid.
///
/// At a dividend the adjusted close steps by the share of the price that was paid out: amount / close before. Three
/// figures are compared: that share by the amount, the step of the adjusted close, and the shares of the instrument's
/// other dividends; the fall of the price on the day decides where they differ.
enum BadDividends: QualityCheck {
  static let kind = QualityKind.badDividend
  private static let mostPayments = 5_000

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let payments = Payment.all(in: scan)
    // Each is compared with all others, and nobody pays so often.
    if let first = payments.first, let last = payments.last, payments.count > mostPayments {
      return [
        QualityFinding(
          kind, .error, scan.rows, first.bar...last.bar,
          "\(payments.count) of \(scan.rows.count) bars have a dividend or a gain; up to \(mostPayments) are looked at")
      ]
    }
    let phantoms = PhantomDividends.among(payments)
    let inHundredths = DividendAmounts.areInHundredths(
      payments.indices.filter { phantoms[$0] == nil }.map { payments[$0] })
    var findings: [QualityFinding] = []
    for (index, payment) in payments.enumerated() where payment.amount > 0 {
      if let real = phantoms[index] {
        findings.append(phantom(scan, payment, real: payments[real]))
        continue
      }
      let usual = Payment.usualShare(
        payments.indices.filter { $0 != index && phantoms[$0] == nil }.map { payments[$0] })
      let finding =
        DividendAmounts.fault(scan, payment, among: payments, usual: usual, inHundredths: inHundredths)
        ?? DividendSteps.fault(scan, payment)
      if let finding { findings.append(finding) }
    }
    return findings
  }

  private static func phantom(_ scan: QualityScan, _ payment: Payment, real: Payment) -> QualityFinding {
    let rows = scan.rows
    let step = payment.step ?? 0
    return QualityFinding(
      kind, .error, rows, payment.bar...payment.bar,
      "a dividend of \(Words.number(payment.amount)), and one of \(Words.number(real.amount)) on "
        + "\(rows.text(real.bar)); the price fell \(Words.percent(payment.fall)) here and "
        + "\(Words.percent(real.fall)) there",
      proposal: "leave this one out",
      edits: [.setDividend(bar: payment.bar, to: 0)]
        + (rows.adjusted == nil || abs(step) < 1e-5 ? [] : [.readjust(before: payment.bar, share: 0)]))
  }
}
