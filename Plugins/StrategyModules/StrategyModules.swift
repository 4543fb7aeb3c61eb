public import PluginKit

/// Every indicator, in alphabetical order. A test compares this list with the folder.
public let indicators: [IndicatorEntry] = [
  IndicatorEntry(ADLine.self),
  IndicatorEntry(ADX.self),
  IndicatorEntry(Aroon.self),
  IndicatorEntry(ATR.self),
  IndicatorEntry(Beta.self),
  IndicatorEntry(Bollinger.self),
  IndicatorEntry(CCI.self),
  IndicatorEntry(ChaikinOscillator.self),
  IndicatorEntry(CMO.self),
  IndicatorEntry(DEMA.self),
  IndicatorEntry(EMA.self),
  IndicatorEntry(Highest.self),
  IndicatorEntry(KAMA.self),
  IndicatorEntry(LinearRegression.self),
  IndicatorEntry(LinearRegressionSlope.self),
  IndicatorEntry(Lowest.self),
  IndicatorEntry(MACD.self),
  IndicatorEntry(MFI.self),
  IndicatorEntry(MinusDI.self),
  IndicatorEntry(Momentum.self),
  IndicatorEntry(NATR.self),
  IndicatorEntry(OBV.self),
  IndicatorEntry(ParabolicSAR.self),
  IndicatorEntry(PlusDI.self),
  IndicatorEntry(PPO.self),
  IndicatorEntry(ROC.self),
  IndicatorEntry(RSI.self),
  IndicatorEntry(SMA.self),
  IndicatorEntry(StandardDeviation.self),
  IndicatorEntry(Stochastic.self),
  IndicatorEntry(StochasticRSI.self),
  IndicatorEntry(Sum.self),
  IndicatorEntry(TEMA.self),
  IndicatorEntry(TRIMA.self),
  IndicatorEntry(TRIX.self),
  IndicatorEntry(TrueRange.self),
  IndicatorEntry(UltimateOscillator.self),
  IndicatorEntry(WilliamsR.self),
  IndicatorEntry(WMA.self),
]

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
