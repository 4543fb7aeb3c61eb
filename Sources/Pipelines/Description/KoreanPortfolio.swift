import Trading

/// Rotations and portfolios in Korean.
enum KoreanPortfolio {
  static func lines(_ rotation: Rotation, _ source: NarratedGraph) -> [String] {
    let narrator = KoreanNarrator(source)
    var lines = head(rotation.title, rotation.description)
    lines += ["봉 간격 \(rotation.timeframe), 후보 \(rotation.universe.joined(separator: ", "))", "", "순위"]
    lines.append("  순위 기준: \(narrator.value(rotation.rank)) (높을수록 앞)")
    if let condition = rotation.condition {
      source.startAgain()
      lines.append("  조건: \(narrator.clause(condition)). 그렇지 않은 종목은 순위에서 빠집니다.")
    }
    lines += ["", "보유", "  앞에서 \(rotation.top)개 종목을 보유합니다."]
    if rotation.untilRank > rotation.top {
      lines.append("  보유한 종목은 \(rotation.untilRank)위까지 계속 보유합니다.")
    }
    lines.append("  빈 자리는 현금으로 둡니다.")
    lines.append("  " + weights(rotation.weighting))
    lines.append("  \(period(rotation.rebalance)) 첫 봉에서, 직전 종가까지 알려진 값으로 결정해 그 봉의 시가에 체결합니다.")
    return lines
  }

  static func lines(_ portfolio: Portfolio) -> [String] {
    var lines = head(portfolio.title, portfolio.description)
    lines.append("한 계좌로 거래하는 전략: \(portfolio.strategies.map(\.name).joined(separator: ", "))")
    if let symbols = portfolio.symbols { lines.append("대상: \(symbols.joined(separator: ", "))") }
    lines += ["", "거래", "  " + weights(portfolio.weighting)]
    if let most = portfolio.maxPositions {
      lines.append("  동시에 최대 \(most)개 포지션: 신뢰도가 높은 신호가 먼저이고, 넘치는 신호는 건너뛰고 셉니다.")
    }
    switch portfolio.onConflict {
    case .first: lines.append("  한 종목에서 방향이 엇갈리면 먼저 적은 전략을 따릅니다.")
    case .skip: lines.append("  한 종목에서 반대 방향의 새 진입은 건너뜁니다.")
    case .net: lines.append("  한 종목에서 반대 방향의 포지션도 함께 보유합니다.")
    }
    if let rebalance = portfolio.rebalance { lines.append("  \(period(rebalance)) 첫 봉에서 비중을 다시 맞춥니다.") }
    return lines
  }

  private static func head(_ title: String, _ description: String) -> [String] {
    [title] + (description.isEmpty ? [] : [description]) + [""]
  }

  private static func weights(_ weighting: Weighting) -> String {
    let over = "최근 \(weighting.lookback)봉"
    return switch weighting.rule {
    case .equal: "자금을 같은 비중으로 나눕니다."
    case .riskParity: "자금을 \(over) 변동성의 역수에 비례해 나눕니다."
    case .momentum: "자금을 \(over) 수익률에 비례해 나눕니다. 내린 종목의 비중은 0입니다."
    case .meanReversion: "자금을 \(over) 하락률에 비례해 나눕니다. 오른 종목의 비중은 0입니다."
    }
  }

  private static func period(_ period: Timeframe) -> String {
    guard period.count == 1 else { return "\(period)마다" }
    return switch period.unit {
    case .minute: "매분"
    case .hour: "매시"
    case .day: "매일"
    case .week: "매주"
    case .month: "매달"
    }
  }
}
