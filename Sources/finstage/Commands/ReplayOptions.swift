import ArgumentParser
import Backtesting
import PluginKit
import Trading

/// The switches of a backtest.
struct ReplayOptions: ParsableArguments {
  @Option(help: ArgumentHelp("First date that counts.", valueName: "YYYY-MM-DD"))
  var from: String?
  @Option(help: ArgumentHelp("Last date that counts.", valueName: "YYYY-MM-DD"))
  var to: String?
  @Option(help: "Horizons of outcomes: bars (5b), the next session (1d), durations (4h).")
  var horizons = "1b,5b,20b"
  @Option(help: "next-open, or close: optimistic, at the close that made the signal.")
  var fill = "next-open"
  @Option(help: "Fee of a fill, as a share of its value: 0.1% or 0.001.")
  var fee = "0.1%"
  @Option(help: "The least fee of a fill, in money.")
  var feeMinimum = 0.0
  @Option(help: "A fee of a fill besides, in money for each share.")
  var feePerShare = 0.0
  @Option(help: "How far a fill stands against the trader, as a share of the price: 0.05% or 5bps.")
  var slippage = "0%"
  @Option(help: "The same as a share of the range of the bar in which it fills.")
  var slippageRange = "0%"
  @Option(help: "What a short costs a year, as a share of its value; it runs while it is held.")
  var borrow = "0%"
  @Option(help: "The money at the start.")
  var start = 10_000.0
  @OptionGroup var prices: PricesOption

  func options() throws(Failure) -> BacktestOptions {
    var options = BacktestOptions()
    options.from = try date(from, "--from")
    options.to = try date(to, "--to")
    if let from = options.from, let to = options.to, from > to {
      throw Failure(.usage, "--from \(from.dateText) lies after --to \(to.dateText)")
    }
    options.horizons = []
    for word in horizons.split(separator: ",", omittingEmptySubsequences: false) {
      guard let horizon = Horizon(String(word)) else {
        throw Failure(.usage, "--horizons: \"\(word)\" is no horizon; write 5b for bars, 1d, 4h, 1w, 1mo")
      }
      options.horizons.append(horizon)
    }
    guard let fill = BacktestOptions.Fill(rawValue: fill) else {
      throw Failure(.usage, "--fill is next-open or close; found \"\(fill)\"")
    }
    options.fill = fill
    options.adjustsPrices = prices.prices == .adjusted
    options.feeRate = try share(fee, "--fee")
    options.feeMinimum = try amount(feeMinimum, "--fee-minimum")
    options.feePerShare = try amount(feePerShare, "--fee-per-share")
    options.slippage = try share(slippage, "--slippage")
    options.slippageOfRange = try share(slippageRange, "--slippage-range")
    options.borrowRate = try share(borrow, "--borrow")
    guard start > 0, start.isFinite else { throw Failure(.usage, "--start is an amount above 0") }
    options.start = start
    return options
  }

  /// How it was run, for the report.
  var described: [(label: String, value: String)] {
    var lines = [
      ("Fills", fill == "close" ? "at the close of the signal's bar (optimistic)" : "at the open of the next bar"),
      ("Fee", feeText), ("Slippage", slippage),
    ]
    if slippageRange != "0%" { lines.append(("Slippage besides", "\(slippageRange) of the bar's range")) }
    if borrow != "0%" { lines.append(("Borrow", "\(borrow) a year of a short's value")) }
    if prices.prices == .plain { lines.append(("Prices", "plain: dividends are passed over")) }
    return lines + [("Start", Figure(start).description)]
  }

  private var feeText: String {
    var text = "\(fee) of each fill"
    if feePerShare > 0 { text += ", \(Figure(feePerShare)) a share" }
    if feeMinimum > 0 { text += ", at least \(Figure(feeMinimum))" }
    return text
  }

  private func date(_ text: String?, _ option: String) throws(Failure) -> Instant? {
    guard let text else { return nil }
    if let instant = Instant(text) { return instant }
    throw Failure(.usage, "\(option) \"\(text)\" is no date; write 2008-01-31")
  }

  /// `0.1%`, `0.001` or `10bps` (hundredths of a percent).
  private func share(_ text: String, _ option: String) throws(Failure) -> Double {
    let (digits, unit) =
      text.hasSuffix("%")
      ? (text.dropLast(), 100.0) : text.hasSuffix("bps") ? (text.dropLast(3), 10_000) : (text[...], 1)
    if let value = Double(digits), value.isFinite, (0..<1).contains(value / unit) { return value / unit }
    throw Failure(.usage, "\(option) is a share from 0% to below 100%; found \"\(text)\"")
  }

  private func amount(_ value: Double, _ option: String) throws(Failure) -> Double {
    if value >= 0, value.isFinite { return value }
    throw Failure(.usage, "\(option) is an amount of 0 or more; found \(value)")
  }
}
