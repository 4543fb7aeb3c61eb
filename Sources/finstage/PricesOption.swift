import ArgumentParser
import MarketData
import Trading

/// Which prices are read where there are several kinds.
struct PricesOption: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable { case adjusted, plain }

  @Option(
    help: ArgumentHelp(
      "adjusted: dividends are taken from what a file or source has of them; plain: they are passed over."))
  var prices = Kind.adjusted
}

extension PriceHistory {
  /// The candles, with dividends where they are wanted and known.
  func series(_ prices: PricesOption.Kind) -> CandleSeries {
    prices == .adjusted ? payingSeries ?? series : series
  }
}
