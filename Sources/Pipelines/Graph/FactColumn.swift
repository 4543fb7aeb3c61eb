import MarketData
import PluginKit
public import Trading

extension CandleSeries {
  /// Writes a measure as of the closes of some bars. Money a share goes with the prices that are adjusted forward, so
  /// that `close / fundamental("eps")` is the same with dividends as without.
  func write(
    _ measure: FactMeasure, of facts: Facts, bars: Range<Int>, to target: UnsafeMutablePointer<Double>
  ) {
    var reading = FactReading(measure, of: facts)
    for (row, bar) in bars.enumerated() { target[row] = reading.value(at: knownAt(bar)) }
    guard isRestated, case .fundamental(let field, _, _) = measure, field.isPerShare, let adjustment else { return }
    for (row, bar) in bars.enumerated() { target[row] *= adjustment.factors[bar] }
  }
}

extension Graph {
  /// What it reads of news and filings, on whatever clock.
  public var factMeasures: Set<FactMeasure> {
    var measures: Set<FactMeasure> = []
    for node in nodes {
      if case .series(let key) = node.kind, case .fact(let measure) = key.kind { measures.insert(measure) }
    }
    for inner in clocks.values { measures.formUnion(inner.factMeasures) }
    return measures
  }

  public var readsNews: Bool {
    factMeasures.contains {
      switch $0 {
      case .sentiment, .newsCount: true
      case .fundamental: false
      }
    }
  }

  public var readsStatements: Bool {
    factMeasures.contains {
      switch $0 {
      case .sentiment, .newsCount: false
      case .fundamental: true
      }
    }
  }
}
