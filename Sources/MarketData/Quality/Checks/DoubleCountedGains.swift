import Trading

/// Gains of a fund that are among its dividends already, and that the adjusted close takes off once more.
///
/// Whether the dividends hold the gains is told by the falls of the price on all such days together.
enum DoubleCountedGains: QualityCheck {
  static let kind = QualityKind.doubleCountedGain

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    let payments = Payment.all(in: scan).filter { $0.gain > 0 && $0.amount >= $0.gain * 0.999_999 }
    guard rows.adjusted != nil, !payments.isEmpty else { return [] }
    var (once, twice) = (0.0, 0.0)
    for payment in payments {
      once += abs(payment.fall - payment.share)
      twice += abs(payment.fall - payment.share - payment.gainShare)
    }
    guard once < twice else { return [] }
    return payments.compactMap { payment in
      let both = payment.share + payment.gainShare
      guard let step = payment.step, abs(step - both) <= max(0.0005, 0.2 * payment.gainShare) else { return nil }
      // Where the gain is smaller than the noise the falls tell little.
      let severity: QualityFinding.Severity = twice - once > scan.noise.at(payment.place) ? .error : .warning
      return QualityFinding(
        kind, severity, rows, payment.bar...payment.bar,
        "the adjusted close takes off \(Words.percent(step)): the dividend of \(Words.number(payment.amount)) and the "
          + "gain of \(Words.number(payment.gain)), which that dividend holds already; the price fell "
          + Words.percent(payment.fall),
        proposal: "adjust by \(Words.percent(payment.share))",
        edits: [.readjust(before: payment.bar, share: payment.share)])
    }
  }
}
