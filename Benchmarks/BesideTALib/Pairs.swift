import PluginKit
import Trading

/// An indicator of ours and the function of TA-Lib that computes the same.
struct Pair: Sendable {
  let name: String
  let id: String
  let settings: [String: Double]
  let function: String
  /// The column of a series that the user would name; nil where the indicator reads candles by itself.
  let series: CandleSeries.Column?
  let shape: @Sendable ((CandleSeries.Column) -> TALib.Input) -> TALib.Shape

  var term: Term {
    let inputs: [Term] = series.map { [.series(SeriesKey(.candle($0)))] } ?? []
    return .call(id, inputs, settings, output: 0)
  }

  /// Inputs of an indicator stand side by side in the candles.
  func firstColumn(of entry: IndicatorEntry) -> CandleSeries.Column {
    series ?? entry.inputs.first.flatMap { CandleSeries.Column(named: $0) } ?? .close
  }

  static let all: [Pair] = [
    one("SMA20", "sma", "SMA", 20), one("EMA20", "ema", "EMA", 20), one("RSI14", "rsi", "RSI", 14),
    Pair(name: "MACD", id: "macd", settings: [:], function: "MACD", series: .close) {
      .threeIntegers($0(.close), 12, 26, 9)
    },
    Pair(name: "BBANDS20", id: "bollinger", settings: [:], function: "BBANDS", series: .close) {
      .bands($0(.close), 20, 2, 2)
    },
    bars("ATR14", "atr", "ATR", 14), bars("ADX14", "adx", "ADX", 14),
    Pair(name: "STOCH", id: "stochastic", settings: [:], function: "STOCH", series: nil) {
      .stochastic($0(.high), $0(.low), $0(.close), 14, 3, 3)
    },
    Pair(name: "OBV", id: "obv", settings: [:], function: "OBV", series: nil) {
      .twoSeries($0(.close), $0(.volume))
    },
    Pair(name: "MFI14", id: "mfi", settings: [:], function: "MFI", series: nil) {
      .fourSeries($0(.high), $0(.low), $0(.close), $0(.volume), 14)
    },
    bars("CCI20", "cci", "CCI", 20), bars("WILLR14", "williams_r", "WILLR", 14),
    one("MAX252", "highest", "MAX", 252, of: .high), one("LINREG20", "linear_regression", "LINEARREG", 20),
    Pair(name: "STDDEV20", id: "stddev", settings: ["period": 20], function: "STDDEV", series: .close) {
      .deviation($0(.close), 20, 1)
    },
  ]

  private static func one(
    _ name: String, _ id: String, _ function: String, _ period: Int32, of series: CandleSeries.Column = .close
  ) -> Pair {
    Pair(name: name, id: id, settings: ["period": Double(period)], function: function, series: series) {
      .oneInteger($0(series), period)
    }
  }

  private static func bars(_ name: String, _ id: String, _ function: String, _ period: Int32) -> Pair {
    Pair(name: name, id: id, settings: ["period": Double(period)], function: function, series: nil) {
      .bars($0(.high), $0(.low), $0(.close), period)
    }
  }

  /// Every candlestick pattern; the number is how far the last close must go into the first body.
  static let patterns: [Pair] = [
    pattern("abandoned_baby", "ABANDONEDBABY", 0.3), pattern("advance_block", "ADVANCEBLOCK"),
    pattern("belt_hold", "BELTHOLD"), pattern("breakaway", "BREAKAWAY"),
    pattern("closing_marubozu", "CLOSINGMARUBOZU"), pattern("conceal_baby_swallow", "CONCEALBABYSWALL"),
    pattern("counterattack", "COUNTERATTACK"), pattern("dark_cloud_cover", "DARKCLOUDCOVER", 0.5),
    pattern("doji", "DOJI"), pattern("doji_star", "DOJISTAR"), pattern("dragonfly_doji", "DRAGONFLYDOJI"),
    pattern("engulfing", "ENGULFING"), pattern("evening_doji_star", "EVENINGDOJISTAR", 0.3),
    pattern("evening_star", "EVENINGSTAR", 0.3), pattern("gap_side_side_white", "GAPSIDESIDEWHITE"),
    pattern("gravestone_doji", "GRAVESTONEDOJI"), pattern("hammer", "HAMMER"), pattern("hanging_man", "HANGINGMAN"),
    pattern("harami", "HARAMI"), pattern("harami_cross", "HARAMICROSS"), pattern("high_wave", "HIGHWAVE"),
    pattern("hikkake", "HIKKAKE"), pattern("hikkake_mod", "HIKKAKEMOD"), pattern("homing_pigeon", "HOMINGPIGEON"),
    pattern("identical_three_crows", "IDENTICAL3CROWS"), pattern("in_neck", "INNECK"),
    pattern("inverted_hammer", "INVERTEDHAMMER"), pattern("kicking", "KICKING"),
    pattern("kicking_by_length", "KICKINGBYLENGTH"), pattern("ladder_bottom", "LADDERBOTTOM"),
    pattern("long_legged_doji", "LONGLEGGEDDOJI"), pattern("long_line", "LONGLINE"), pattern("marubozu", "MARUBOZU"),
    pattern("matching_low", "MATCHINGLOW"), pattern("mat_hold", "MATHOLD", 0.5),
    pattern("morning_doji_star", "MORNINGDOJISTAR", 0.3), pattern("morning_star", "MORNINGSTAR", 0.3),
    pattern("on_neck", "ONNECK"), pattern("piercing", "PIERCING"), pattern("rickshaw_man", "RICKSHAWMAN"),
    pattern("rise_fall_three_methods", "RISEFALL3METHODS"), pattern("separating_lines", "SEPARATINGLINES"),
    pattern("shooting_star", "SHOOTINGSTAR"), pattern("short_line", "SHORTLINE"),
    pattern("spinning_top", "SPINNINGTOP"), pattern("stalled_pattern", "STALLEDPATTERN"),
    pattern("stick_sandwich", "STICKSANDWICH"), pattern("takuri", "TAKURI"), pattern("tasuki_gap", "TASUKIGAP"),
    pattern("three_black_crows", "3BLACKCROWS"), pattern("three_inside", "3INSIDE"),
    pattern("three_line_strike", "3LINESTRIKE"), pattern("three_outside", "3OUTSIDE"),
    pattern("three_stars_in_south", "3STARSINSOUTH"), pattern("three_white_soldiers", "3WHITESOLDIERS"),
    pattern("thrusting", "THRUSTING"), pattern("tristar", "TRISTAR"), pattern("two_crows", "2CROWS"),
    pattern("unique_three_river", "UNIQUE3RIVER"), pattern("upside_gap_two_crows", "UPSIDEGAP2CROWS"),
    pattern("xside_gap_three_methods", "XSIDEGAP3METHODS"),
  ]

  private static func pattern(_ id: String, _ function: String, _ depth: Double? = nil) -> Pair {
    Pair(name: id, id: id, settings: [:], function: "CDL" + function, series: nil) { column in
      let (open, high, low, close) = (column(.open), column(.high), column(.low), column(.close))
      guard let depth else { return .pattern(open, high, low, close) }
      return .patternWithDepth(open, high, low, close, depth)
    }
  }
}
