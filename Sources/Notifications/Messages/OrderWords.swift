internal import Trading

/// What a strategy means to do, in a language.
extension NoticeWords {
  func entry(_ order: PlannedOrder, _ precision: Int?) -> String {
    let entry =
      switch order.entry {
      case .nextOpen: isKorean ? "다음 시가" : "at the next open"
      case .stop(let price):
        isKorean ? "\(self.price(price, precision)) 스톱 주문" : "stop order at \(self.price(price, precision))"
      case .limit(let price):
        isKorean ? "\(self.price(price, precision)) 지정가 주문" : "limit order at \(self.price(price, precision))"
      }
    guard let expiry = order.expiry else { return entry }
    let length =
      switch expiry {
      case .bars(let bars): isKorean ? "\(bars)봉" : bars == 1 ? "1 bar" : "\(bars) bars"
      case .length(let length): "\(length)"
      case .session: isKorean ? "당일 세션" : "the session"
      }
    return entry + (isKorean ? ", \(length) 동안 유효" : ", for \(length)")
  }

  /// All stops; nil where none is known.
  func stops(_ order: PlannedOrder, _ precision: Int?) -> String? {
    let against = order.isLong ? (en: "below", ko: "아래") : (en: "above", ko: "위")
    let texts = order.stops.map { stop in
      switch stop {
      case .price(let price): self.price(price, precision)
      case .fraction(let share):
        isKorean ? "체결가보다 \(exactPercent(share)) \(against.ko)" : "\(exactPercent(share)) \(against.en) the fill"
      case .distance(let distance):
        isKorean
          ? "체결가보다 \(self.price(distance, precision)) \(against.ko)"
          : "\(self.price(distance, precision)) \(against.en) the fill"
      case .trail(let share):
        isKorean
          ? "체결 후 \(order.isLong ? "최고가" : "최저가")보다 \(exactPercent(share)) \(against.ko)"
          : "\(exactPercent(share)) \(against.en) the \(order.isLong ? "highest" : "lowest") price since the fill"
      }
    }
    return texts.isEmpty ? nil : texts.joined(separator: isKorean ? " 또는 " : " or ")
  }

  func size(_ order: PlannedOrder, _ precision: Int?) -> String {
    switch order.size {
    case .equity(let share): isKorean ? "자산의 \(exactPercent(share))" : "\(exactPercent(share)) of equity"
    case .money(let money): isKorean ? "금액 \(price(money, nil))" : "\(price(money, nil)) of money"
    case .risk(let share, let distance):
      isKorean
        ? "자산의 \(exactPercent(share)) 위험" + (distance.map { " (손절 거리 \(price($0, precision)))" } ?? "")
        : "\(exactPercent(share)) of equity at risk" + (distance.map { " over \(price($0, precision))" } ?? "")
    case .volatility(let target):
      isKorean ? "연 변동성 \(exactPercent(target)) 기준" : "for a yearly volatility of \(exactPercent(target))"
    case .kelly(let fraction):
      isKorean ? "켈리 비율의 \(exactPercent(fraction))" : "\(exactPercent(fraction)) of the Kelly stake"
    }
  }

  /// As short as it can be written: 0.055 is 5.5 %.
  private func exactPercent(_ fraction: Double) -> String {
    let hundredths = (fraction * 1_000_000).rounded() / 10_000
    return "\(price(hundredths, nil)) %"
  }
}
