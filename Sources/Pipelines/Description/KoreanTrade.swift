import PluginKit
import Trading

/// The trade rules in Korean, a line each.
struct KoreanTrade {
  let plan: TradePlan
  let words: TradeWords

  init(_ plan: TradePlan, _ narrator: KoreanNarrator) {
    self.plan = plan
    words = TradeWords(plan: plan, locale: .ko, value: { narrator.value($0) }, clause: { narrator.clause($0) })
  }

  var lines: [String] {
    var lines = [side] + legs + [entry, size]
    lines += plan.stops.map(stop) + plan.targets.map(target)
    if let addition = plan.addition {
      lines.append("추가 진입: 종가에서 \(words.condition(addition.when))일 때 첫 단위만큼 더하며, 모두 \(addition.units)단위까지입니다.")
    }
    if let bars = plan.maxBars { lines.append("늦어도 \(bars)봉 뒤에는 나옵니다.") }
    if let count = plan.entriesPerSession { lines.append("한 세션에 \(count)번까지만 들어갑니다.") }
    if let minutes = plan.flat {
      lines.append(minutes == 0 ? "세션이 끝날 때 모두 정리합니다." : "세션이 끝나기 \(minutes)분 전에 모두 정리하고 더 들어가지 않습니다.")
    }
    if case .whileTrue = plan.reentry { lines.append("손절 뒤에도 조건이 참인 동안 다시 들어갑니다.") }
    return lines.filter { !$0.isEmpty }.map { "  \($0)" }
  }

  private var side: String {
    switch plan.side {
    case .long: "매수만 합니다: 매수 신호에 들어가고 매도 신호에 나옵니다."
    case .short: "공매도만 합니다: 매도 신호에 들어가고 매수 신호에 나옵니다."
    case .both: "양방향으로 거래합니다: 신호마다 포지션을 뒤집습니다."
    }
  }

  private var legs: [String] {
    guard !plan.legs.isEmpty else { return [] }
    let parts = plan.legs.map { "\($0.role) \(words.text($0.weight))" }.joined(separator: ", ")
    return ["한 단위의 구성: \(parts). 매도는 그 반대이며, 모두 같은 시가에 체결됩니다."]
  }

  private var entry: String {
    switch plan.entry {
    case .market: ""
    case .stop(let price, let expires): "진입: 신호 때 정한 \(words.text(price))의 스톱 주문, \(until(expires))."
    case .limit(let price, let expires): "진입: 신호 때 정한 \(words.text(price))의 지정가 주문, \(until(expires))."
    }
  }

  private func until(_ expiry: TradePlan.Expiry?) -> String {
    switch expiry {
    case .bars(let bars): "\(bars)봉 동안 유효"
    case .duration(let duration): "\(duration) 동안 유효"
    case .session: "세션이 끝날 때까지 유효"
    case nil: "다음 신호까지 유효"
    }
  }

  private var size: String {
    switch plan.size {
    case .equity(let share): "한 번 들어갈 때 자산의 \(TradePlan.percent(share))를 씁니다."
    case .fixed(let money): "한 번 들어갈 때 \(Figure(money))만큼의 돈을 씁니다."
    case .risk(let share, let distance):
      "\(words.text(distance))만큼 불리해지면 자산의 \(TradePlan.percent(share))를 잃는 수량으로 들어갑니다."
    case .volatility(let target, _, let bars):
      "최근 \(bars)봉의 변동성으로 연 변동성이 \(TradePlan.percent(target))가 되는 수량으로 들어갑니다."
    case .kelly(let kelly):
      "자체 기록의 켈리 비율의 \(TradePlan.percent(kelly.fraction))를 자산의 \(TradePlan.percent(kelly.floor))에서 "
        + "\(TradePlan.percent(kelly.cap)) 사이로 쓰고, 닫힌 포지션이 \(kelly.after)개가 되기 전에는 \(TradePlan.percent(kelly.floor))를 씁니다."
    }
  }

  private func stop(_ stop: TradePlan.Stop) -> String {
    switch stop {
    case .fraction(let share, let from): "손절: \(self.from(from))에서 \(TradePlan.percent(share))"
    case .distance(let distance, let from): "손절: \(self.from(from))에서 \(words.text(distance))"
    case .price(let price): "손절: \(words.text(price))에서"
    case .trail(let share): "손절: 진입 뒤 가장 유리한 가격에서 \(TradePlan.percent(share))"
    case .when(let condition): "손절: 종가에서 \(words.condition(condition))일 때 다음 체결에 나옵니다."
    }
  }

  private func from(_ origin: TradePlan.Origin) -> String { origin == .entry ? "체결가" : "마지막 체결가" }

  private func target(_ target: TradePlan.Target) -> String {
    let close = TradePlan.percent(target.close)
    switch target.at {
    case .fraction(let share): return "익절: 체결가에서 \(TradePlan.percent(share))에 \(close)를 정리합니다."
    case .distance(let distance): return "익절: 체결가에서 \(words.text(distance))에 \(close)를 정리합니다."
    case .price(let price): return "익절: \(words.text(price))에서 \(close)를 정리합니다."
    }
  }
}
