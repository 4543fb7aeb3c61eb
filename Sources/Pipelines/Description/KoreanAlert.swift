import PluginKit
import Trading

/// Price alerts in Korean.
enum KoreanAlert {
  static func lines(_ alert: PriceAlert) -> [String] {
    var lines = [alert.title]
    if !alert.description.isEmpty { lines.append(alert.description) }
    lines += ["", "\(alert.timeframe) 봉의 종가를 관찰합니다. 대상: \(alert.symbols.joined(separator: ", "))", ""]
    for watch in alert.watches {
      lines.append("\(title(watch.rule)) (\(watch.rule.rawValue))")
      lines.append("  조건: \(clause(watch))")
      let own = names(watch.threshold)
      if !own.isEmpty { lines.append("  개별 임계값: \(own)") }
      if watch.timeframe != alert.timeframe { lines.append("  봉 간격: \(watch.timeframe)") }
      lines.append("  \(told(watch))")
    }
    return lines + ["", "이전 세션은 거래소 달력을 따릅니다. 이전 세션의 봉이 없으면 더 오래된 봉과 비교하지 않습니다. 매매하지 않습니다."]
  }

  private static func title(_ rule: AlertRule) -> String {
    switch rule {
    case .priceRise: "가격 상승"
    case .priceDrop: "가격 하락"
    case .breakPreviousHigh: "전일 고가 돌파"
    case .breakPreviousLow: "전일 저가 이탈"
    case .newHigh: "사상 최고가 경신"
    case .dropFromHigh: "최고가 대비 하락"
    case .surge: "급등"
    case .plunge: "급락"
    case .gapUp: "갭 상승"
    case .gapDown: "갭 하락"
    }
  }

  private static func clause(_ watch: AlertWatch) -> String {
    let share = watch.threshold.initial.map { TradePlan.percent($0) } ?? "종목별 임계값"
    let margin = watch.threshold.initial.map { $0 > 0 ? " \(TradePlan.percent($0)) 넘게" : "" } ?? ""
    return switch watch.rule {
    case .priceRise: "종가가 이전 세션 종가보다 \(share) 이상 높을 때"
    case .priceDrop: "종가가 이전 세션 종가보다 \(share) 이상 낮을 때"
    case .breakPreviousHigh: "종가가 이전 세션 고가보다\(margin) 높을 때"
    case .breakPreviousLow: "종가가 이전 세션 저가보다\(margin) 낮을 때"
    case .newHigh: "종가가 이전 모든 봉의 최고가보다\(margin) 높을 때"
    case .dropFromHigh: "종가가 지금까지의 최고가보다 \(share) 이상 낮아질 때"
    case .surge: "종가가 직전 봉 종가보다 \(share) 이상 높을 때"
    case .plunge: "종가가 직전 봉 종가보다 \(share) 이상 낮을 때"
    case .gapUp: "세션 시가가 이전 세션 종가보다 \(share) 이상 높을 때"
    case .gapDown: "세션 시가가 이전 세션 종가보다 \(share) 이상 낮을 때"
    }
  }

  private static func names(_ threshold: AlertThreshold) -> String {
    let categories = threshold.categories.sorted { $0.key < $1.key }.map { ("분류 \($0.key)", $0.value) }
    let symbols = threshold.symbols.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return (categories + symbols).map { "\($0.0) \(TradePlan.percent($0.1))" }.joined(separator: ", ")
  }

  private static func told(_ watch: AlertWatch) -> String {
    let priority =
      switch watch.notify.priority {
      case .high: "높음"
      case .medium: "보통"
      case .low: "낮음"
      }
    var text = "우선순위 \(priority)"
    if let high = watch.high { text += ", \(TradePlan.percent(high))부터 높음" }
    if let cooldown = watch.notify.cooldown { text += "; \(cooldown) 안에는 다시 알리지 않음" }
    return text
  }
}
