import Storage
import Trading

extension Workspace {
  /// Names by symbol in the language of the configuration, else in English.
  ///
  /// - Parameter kept: What the store has kept, for symbols that the configuration does not name.
  func names(kept: [InstrumentProfile] = []) -> [String: String] {
    let locale = configuration?.locale ?? "en"
    let all = kept + (configuration?.instruments.values.map { $0 } ?? [])
    return Dictionary(
      all.compactMap { profile in
        (profile.names[locale] ?? profile.names["en"]).map { (profile.instrument.symbol, $0) }
      }, uniquingKeysWith: { $1 })
  }
}
