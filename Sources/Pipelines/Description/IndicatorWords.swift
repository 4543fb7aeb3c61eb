import PluginKit

/// How indicators are called in words: `{name}` is a setting; what it reads is said before or after it by the language.
/// One that is not here is told by its id and settings.
enum IndicatorWords {
  static let table: [String: (en: String, ko: String)] = [
    "ad_line": ("accumulation/distribution line", "누적/분산선"),
    "adx": ("{period}-bar average directional index (ADX)", "{period}봉 ADX"),
    "atr": ("{period}-bar average true range (ATR)", "{period}봉 평균 실질 변동폭(ATR)"),
    "bollinger": ("{period}-bar Bollinger bands of width {width}", "{period}봉 볼린저 밴드(폭 {width})"),
    "cci": ("{period}-bar commodity channel index (CCI)", "{period}봉 CCI"),
    "cmf": ("{period}-bar Chaikin money flow", "{period}봉 차이킨 자금 흐름"),
    "dema": ("{period}-bar double exponential moving average", "{period}봉 이중 지수이동평균"),
    "donchian": ("{period}-bar Donchian channel", "{period}봉 돈치안 채널"),
    "ema": ("{period}-bar exponential moving average", "{period}봉 지수이동평균"),
    "highest": ("{period}-bar highest value", "{period}봉 최고값"),
    "hull_ma": ("{period}-bar Hull moving average", "{period}봉 헐 이동평균"),
    "kama": ("{period}-bar Kaufman adaptive moving average", "{period}봉 카우프만 적응형 이동평균"),
    "keltner": ("{period}-bar Keltner channel", "{period}봉 켈트너 채널"),
    "lowest": ("{period}-bar lowest value", "{period}봉 최저값"),
    "macd": ("MACD ({fast}, {slow}, {signal})", "MACD({fast}, {slow}, {signal})"),
    "mfi": ("{period}-bar money flow index (MFI)", "{period}봉 자금 흐름 지수(MFI)"),
    "minus_di": ("{period}-bar minus directional indicator (−DI)", "{period}봉 −DI"),
    "momentum": ("{period}-bar momentum", "{period}봉 모멘텀"),
    "natr": ("{period}-bar average true range in percent", "{period}봉 평균 실질 변동폭(%)"),
    "obv": ("on-balance volume (OBV)", "OBV"),
    "parabolic_sar": ("parabolic SAR", "파라볼릭 SAR"),
    "plus_di": ("{period}-bar plus directional indicator (+DI)", "{period}봉 +DI"),
    "roc": ("{period}-bar rate of change in percent", "{period}봉 변화율(%)"),
    "rsi": ("{period}-bar relative strength index (RSI)", "{period}봉 상대강도지수(RSI)"),
    "sma": ("{period}-bar simple moving average", "{period}봉 단순이동평균"),
    "stddev": ("{period}-bar standard deviation", "{period}봉 표준편차"),
    "stochastic": ("{period}-bar stochastic", "{period}봉 스토캐스틱"),
    "sum": ("{period}-bar sum", "{period}봉 합"),
    "supertrend": ("supertrend ({period}, {multiplier})", "슈퍼트렌드({period}, {multiplier})"),
    "tema": ("{period}-bar triple exponential moving average", "{period}봉 삼중 지수이동평균"),
    "true_range": ("true range", "실질 변동폭"),
    "volatility": ("{period}-bar volatility", "{period}봉 변동성"),
    "vwap": ("{period}-bar volume-weighted average price (VWAP)", "{period}봉 거래량 가중 평균가(VWAP)"),
    "vwma": ("{period}-bar volume-weighted moving average", "{period}봉 거래량 가중 이동평균"),
    "williams_r": ("{period}-bar Williams %R", "{period}봉 윌리엄스 %R"),
    "wma": ("{period}-bar weighted moving average", "{period}봉 가중이동평균"),
    "zlema": ("{period}-bar zero-lag exponential average", "{period}봉 무지연 지수이동평균"),
    "zscore": ("{period}-bar z-score", "{period}봉 Z 점수"),
  ]

  /// Outputs in Korean; the others keep their names.
  static let outputs = [
    "line": "선", "signal": "시그널선", "histogram": "히스토그램", "upper": "상단", "middle": "중간선", "lower": "하단",
  ]

  static func filled(_ template: String, _ settings: [String: Double]) -> String {
    var text = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      text += rest[..<open] + (settings[name].map { Figure($0).description } ?? name)
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }
}
