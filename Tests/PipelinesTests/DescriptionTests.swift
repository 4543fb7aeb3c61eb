import Foundation
import PluginKit
import Pipelines
import StrategyModules
import Testing

/// Rules in words.
@Suite struct DescriptionTests {
  private func line(_ locale: StrategyDescription.Locale, _ buy: String) throws -> String {
    let made = try #require(strategy("  - id: s\n    buy: \(buy)"))
    let text = StrategyDescription(of: made, locale: locale, registry: bundled).text
    return try #require(text.split(separator: "\n").first { $0.contains("Buys") || $0.contains("매수:") })
      .trimmingPrefix { $0 == " " }.description
  }

  @Test(
    "expressions read as English",
    arguments: [
      ("close > sma(close, 20)", "Buys when the close is above the 20-bar simple moving average."),
      (
        "close > 1 and (rsi(close, 14) < 30 or volume >= 5)",
        "Buys when the close is above 1 and (the 14-bar relative strength index (RSI) is below 30 or the volume is at least 5)."
      ),
      (
        "crosses_above(close, ema(high, 9))",
        "Buys when the close crosses above the 9-bar exponential moving average of high."
      ),
      ("change(close, 5) > 0.02", "Buys when the change of close over 5 bars is above 2%."),
      ("within(close > 10, 3)", "Buys when the close is above 10 on one of the last 3 bars."),
      ("close > highest(high, 20)[1]", "Buys when the close is above the 20-bar highest value of high one bar ago."),
      ("not close > 10", "Buys when it is not so that the close is above 10."),
    ])
  func english(_ buy: String, _ words: String) throws { #expect(try line(.en, buy) == words) }

  @Test(
    "and as Korean, with the particles that the words want",
    arguments: [
      ("close > sma(close, 20)", "매수: 종가가 20봉 단순이동평균보다 높으면 매수합니다."),
      ("volume > 5 and close < 3", "매수: 거래량이 5보다 높고 종가가 3보다 낮으면 매수합니다."),
      ("close > 1 or close == 3", "매수: 종가가 1보다 높거나 종가가 3과 같으면 매수합니다."),
      ("not close > 10", "매수: 종가가 10보다 높은 것이 아니면 매수합니다."),
      ("crosses_below(close, sma(close, 5))", "매수: 종가가 5봉 단순이동평균을 아래로 돌파하면 매수합니다."),
      ("within(close > 10, 3)", "매수: 최근 3봉 안에 종가가 10보다 높은 적이 있으면 매수합니다."),
      ("change(close) >= 0.01", "매수: 1봉 동안의 종가 변화율이 1% 이상이면 매수합니다."),
    ])
  func korean(_ buy: String, _ words: String) throws { #expect(try line(.ko, buy) == words) }

  @Test("what there are no words for stands as it is written") func fallback() throws {
    #expect(try line(.en, "doji() > 0") == "Buys when doji() is above 0.")
    #expect(try line(.ko, "doji() > 0") == "매수: doji()가 0보다 높으면 매수합니다.")
  }

  @Test("trading and warming up are told") func trading() throws {
    let more = "trade: { side: both, stop: 8%, take_profit: [{ at: 10%, close: 50% }], max_bars: 30 }"
    let made = try #require(strategy("  - { id: s, buy: 'close > sma(close, 20)' }", more))
    let text = StrategyDescription(of: made, locale: .en, registry: bundled).text
    #expect(text.contains("cannot speak on the first 19 bars"))
    #expect(text.contains("Stop: 8% from the fill."))
    #expect(text.contains("Target: 10% from the fill closes 50%."))
  }

  @Test("every rule of trading is told in both languages") func tradeRules() throws {
    let yaml = try String(contentsOf: caseFile("Sound/a-trade-in-every-form.yaml"), encoding: .utf8)
    let made = try #require(read(Array(yaml.utf8), file: "a-trade-in-every-form.yaml").strategy)
    let english = StrategyDescription(of: made, locale: .en, registry: bundled).text
    for line in [
      "Long and short: each signal turns the position round.", "worked out at the signal, valid for 2d.",
      "An entry is so large that 2 times the 20-bar average true range (ATR) against it costs 1% of the equity.",
      "Stop: 8% from the fill.", "Stop: 5% from the last fill.",
      "Stop: 2 times the 20-bar average true range (ATR) at the entry's signal from the last fill.",
      "Stop: the highest price since the entry less", "Stop: 3% from the best price since the entry.",
      "Stop: leaves when at a close the bars in the position is at least 5 and the position's return is below 0 or",
      "Target: 10% from the fill closes 25%.", "up to 4 units.", "Leaves after 30 bars at the latest.",
      "Enters at most once a session.", "Leaves everything 5 minutes before the session's close",
      "After a stop it enters again while the condition is still true.",
    ] {
      #expect(english.contains(line) || english.contains(line.replacing("Stop: the", with: "Stop: at the")), "\(line)")
    }
    let korean = StrategyDescription(of: made, locale: .ko, registry: bundled).text
    for line in ["양방향으로 거래합니다", "2d 동안 유효", "손절: 체결가에서 8%", "마지막 체결가에서 5%", "진입 신호 때의", "4단위까지", "한 세션에 1번까지", "5분 전에"]
    {
      #expect(korean.contains(line), "\(line)")
    }
    #expect(!korean.contains("nan") && !english.contains("nan"))
  }
}
