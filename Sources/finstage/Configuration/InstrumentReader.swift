import Pipelines
import Trading

extension ConfigurationReader {
  /// Reads `instruments:`: what is known of symbols besides their prices.
  func instruments(_ entry: YAMLValue.Entry?) -> [String: InstrumentProfile] {
    guard let entry, let entries = MappingReader(entry.value, "instruments", at: entry.key, diagnostics)?.entries
    else { return [:] }
    var profiles: [String: InstrumentProfile] = [:]
    for item in entries {
      let symbol = item.name
      guard var reader = MappingReader(item.value, "the instrument \(symbol)", at: item.key, diagnostics) else {
        continue
      }
      var profile = InstrumentProfile(instrument: Instrument(symbol: symbol))
      profile.names = names(reader.take("name"))
      profile.category = diagnostics.text(reader.take("category"), "category")
      profile.exchange = diagnostics.text(reader.take("exchange"), "exchange")
      profile.currency = diagnostics.text(reader.take("currency"), "currency")
      profile.precision = diagnostics.whole(reader.take("precision"), "precision", 0...12)
      reader.finish()
      profiles[symbol] = profile
    }
    return profiles
  }

  /// One name for all languages, or one each.
  private func names(_ value: YAMLValue?) -> [String: String] {
    guard let value else { return [:] }
    if value.entries == nil { return diagnostics.text(value, "name").map { ["en": $0] } ?? [:] }
    guard var reader = MappingReader(value, "name", diagnostics) else { return [:] }
    var names: [String: String] = [:]
    for language in ["en", "ko"] {
      names[language] = diagnostics.text(reader.take(language), "the name in \(language)")
    }
    reader.finish()
    return names
  }
}
