internal import Backtesting

extension ReportPage {
  /// What a rotation or a portfolio has besides: a result has one of it, or none.
  struct Book: Sendable {
    struct Row: Sendable {
      let name: String
      let trades, profit, fees, contribution, weight: Markup
    }

    struct Part: Sendable {
      let title, head: String
      let rows: [Row]
    }

    struct Correlations: Sendable {
      let symbol: String
      let cells: [Markup]
    }

    let parts: [Part]
    let hasCorrelations: Bool
    let symbols: [String]
    let correlations: [Correlations]
  }
}

extension PortfolioFigures {
  /// A matrix of more symbols is not read on a page; the JSON has it.
  private static let pageLimit = 24

  /// The tables of the page.
  var book: ReportPage.Book {
    var parts = [ReportPage.Book.Part(title: "What each symbol brought", head: "Symbol", rows: members.map(row))]
    if !strategies.isEmpty {
      parts.append(.init(title: "What each strategy brought", head: "Strategy", rows: strategies.map(row)))
    }
    let matrix = correlations.flatMap { (2...PortfolioFigures.pageLimit).contains($0.symbols.count) ? $0 : nil }
    return ReportPage.Book(
      parts: parts, hasCorrelations: matrix != nil, symbols: matrix?.symbols ?? [],
      correlations: matrix.map { matrix in
        zip(matrix.symbols, matrix.values).map { symbol, values in
          .init(symbol: symbol, cells: values.map { .figure(Figures.page.number($0, digits: 2)) })
        }
      } ?? [])
  }

  private func row(_ member: Member) -> ReportPage.Book.Row {
    let write = Figures.page
    let weight = decisions.last.map { last in last.weights.first { $0.symbol == member.name }?.weight ?? 0 }
    return ReportPage.Book.Row(
      name: member.name, trades: Markup(text: write.count(member.trades)),
      profit: .figure(write.number(member.pnl, digits: 2, signed: true), tinted: true),
      fees: .figure(write.number(member.fees, digits: 2)),
      contribution: .figure(write.percent(member.contribution), tinted: true),
      weight: .figure(write.percent(weight, signed: false)))
  }
}
