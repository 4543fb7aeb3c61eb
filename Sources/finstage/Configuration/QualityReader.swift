import Engine
import MarketData
import Pipelines

extension ConfigurationReader {
  /// Reads `quality:`: the rules, and what becomes of what is found at collecting.
  func quality(_ entry: YAMLValue.Entry?) -> (rules: QualityRules, collecting: QualityStage.Practice) {
    var rules = QualityRules()
    guard let entry, var reader = MappingReader(entry.value, "quality", at: entry.key, diagnostics) else {
      return (rules, .check)
    }
    let collecting = practice(reader.take("collecting"), "collecting")
    rules.off = kinds(reader.take("off"), "off") ?? []
    rules.repair = kinds(reader.take("repair"), "repair")
    if let value = reader.take("spike_deviations"), let number = diagnostics.number(value, "spike_deviations") {
      if (3...1_000).contains(number) {
        rules.spikeDeviations = number
      } else {
        diagnostics.report(
          .outOfRange, at: value, "spike_deviations is a number from 3 to 1000; found \(value.found)")
      }
    }
    if let bars = diagnostics.whole(reader.take("stale_bars"), "stale_bars", 2...100_000) { rules.staleBars = bars }
    reader.finish()
    return (rules, collecting ?? .check)
  }

  func practice(_ value: YAMLValue?, _ what: String) -> QualityStage.Practice? {
    diagnostics.word(value, what, of: QualityStage.Practice.allCases.map(\.rawValue))
      .flatMap(QualityStage.Practice.init)
  }

  private func kinds(_ value: YAMLValue?, _ what: String) -> Set<QualityKind>? {
    guard let items = diagnostics.list(value, what) else { return nil }
    let words = QualityKind.allCases.map(\.rawValue)
    return Set(items.compactMap { diagnostics.word($0, "an item of \(what)", of: words).flatMap(QualityKind.init) })
  }
}
