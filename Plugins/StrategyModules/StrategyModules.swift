public import PluginKit

/// Every indicator, in alphabetical order. A test compares this list with the folder.
public let indicators: [IndicatorEntry] = [
  IndicatorEntry(ATR.self),
  IndicatorEntry(Beta.self),
  IndicatorEntry(Bollinger.self),
  IndicatorEntry(EMA.self),
  IndicatorEntry(Highest.self),
  IndicatorEntry(Lowest.self),
  IndicatorEntry(MACD.self),
  IndicatorEntry(OBV.self),
  IndicatorEntry(RSI.self),
  IndicatorEntry(SMA.self),
  IndicatorEntry(StandardDeviation.self),
  IndicatorEntry(Stochastic.self),
  IndicatorEntry(Sum.self),
] + candlesticks

/// Every signal module, in alphabetical order.
public let signals: [SignalEntry] = [
  SignalEntry(BollingerReversion.self),
  SignalEntry(ConfirmAll.self),
  SignalEntry(DonchianBreakout.self),
  SignalEntry(MABreakout.self),
  SignalEntry(MACDCross.self),
  SignalEntry(MACross.self),
  SignalEntry(RSIReversal.self),
  SignalEntry(VolumeSurge.self),
]

/// The modules that come with the host.
public let bundled = Registry(indicators: indicators, signals: signals)
