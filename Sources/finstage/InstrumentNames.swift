import Storage
import Trading

extension Workspace {
  /// Names by symbol in the language of the configuration, else in English.
  ///
  /// - Parameters:
  ///   - kept: What the store has kept, for symbols that the configuration does not name.
  ///   - locale: another language than that of the configuration.
  func names(kept: [InstrumentProfile] = [], locale: String? = nil) -> [String: String] {
    let locale = locale ?? configuration?.locale ?? "en"
    let all = kept + (configuration?.instruments.values.map { $0 } ?? [])
    return Dictionary(
      all.compactMap { profile in
        (profile.names[locale] ?? profile.names["en"]).map { (profile.instrument.symbol, $0) }
      }, uniquingKeysWith: { $1 })
  }
}
