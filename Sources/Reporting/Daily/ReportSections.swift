internal import Backtesting
internal import Trading

/// The parts behind the five lines.
extension ReportWords {
  var sections: [ReportContent.Section] {
    var sections = [fired]
    if !report.alerts.isEmpty { sections.append(alerts) }
    sections.append(closed)
    if report.kind != .signals {
      sections += [market, performance, patterns, clusters]
      if report.news != nil { sections.append(news) }
      sections += [today, figures]
    }
    return sections + [freshness] + (report.missing.isEmpty ? [] : [missing])
  }

  func more(_ count: Int) -> [String] {
    let rest = count - ReportWords.most
    return rest > 0 ? [say("… and \(write.count(rest)) more", "… 외 \(write.count(rest))건")] : []
  }

  private var fired: ReportContent.Section {
    let heading = say("🚨 Signals", "🚨 발생한 신호")
    guard !report.fired.isEmpty else {
      return .init("signals", heading, sentences: [say("No signal was saved.", "저장된 신호가 없습니다.")])
    }
    let shown = report.fired.prefix(ReportWords.most)
    let rows = shown.map { one -> [String] in
      [
        name(one.symbol), direction(one.signal.direction), one.strategy, price(one.signal.price),
        write.number(one.signal.confidence, digits: 0) ?? Figures.undefined,
        clock.text(one.knownAt),
      ]
    }
    return .init(
      "signals", heading, sentences: more(report.fired.count),
      lines: rows.map { row in
        say(
          "• \(row[0]) \(row[1]) at \(row[3]): \(row[2]), confidence \(row[4]) · \(row[5])",
          "• \(row[0]) \(row[1]) \(row[3]): \(row[2]), 신뢰도 \(row[4]) · \(row[5])")
      },
      table: .init(
        heads: isKorean
          ? ["종목", "방향", "전략", "가격", "신뢰도", "봉 마감"]
          : ["Symbol", "Direction", "Strategy", "Price", "Confidence", "Bar closed"],
        rows: rows, words: 3))
  }

  /// Price alerts.
  private var alerts: ReportContent.Section {
    let rows = report.alerts.prefix(ReportWords.most).map { one -> [String] in
      [
        name(one.symbol), rule(one.rule), price(one.price), price(one.base), percent(one.change, digits: 2),
        clock.text(one.knownAt),
      ]
    }
    return .init(
      "alerts", say("⚡ Price alerts", "⚡ 가격 알림"), sentences: more(report.alerts.count),
      lines: rows.map { row in
        say(
          "• \(row[0]) \(row[1]): \(row[2]), base \(row[3]), \(row[4]) · \(row[5])",
          "• \(row[0]) \(row[1]): \(row[2]), 기준 \(row[3]), \(row[4]) · \(row[5])")
      },
      table: .init(
        heads: isKorean
          ? ["종목", "규칙", "가격", "기준가", "변화", "봉 마감"] : ["Symbol", "Rule", "Price", "Base", "Change", "Bar closed"],
        rows: rows, words: 2))
  }

  private var closed: ReportContent.Section {
    let heading = say("🏁 Results after \(report.horizon)", "🏁 \(report.horizon) 후 결과")
    guard !report.closed.isEmpty else {
      return .init("results", heading, sentences: [say("No call came to its end.", "결과가 나온 신호가 없습니다.")])
    }
    let rows = report.closed.prefix(ReportWords.most).map { one -> [String] in
      [
        name(one.symbol), direction(one.direction), one.strategy, one.time.dateText, price(one.price),
        price(one.endPrice),
        percent(one.result, digits: 2),
      ]
    }
    return .init(
      "results", heading, sentences: more(report.closed.count),
      lines: rows.map { row in "• \(row[0]) \(row[1]) \(row[3]): \(row[4]) → \(row[5]), \(row[6]) · \(row[2])" },
      table: .init(
        heads: isKorean
          ? ["종목", "방향", "전략", "신호 봉", "가격", "종료 가격", "수익률"]
          : ["Symbol", "Direction", "Strategy", "Bar", "Price", "Price at end", "Return"], rows: rows, words: 4))
  }

}
