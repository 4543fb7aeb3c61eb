import Pipelines

extension Configuration {
  /// `resources:`, the limits beyond which the channels are told.
  struct Resources {
    var limits: [ResourceLimit]
    /// Milliseconds between two looks.
    var every: Int64 = 15_000
  }
}

extension ConfigurationReader {
  /// Reads `resources:`; nil where nothing is limited.
  func resources(_ entry: YAMLValue.Entry?) -> Configuration.Resources? {
    guard let entry, var file = MappingReader(entry.value, "resources", at: entry.key, diagnostics) else { return nil }
    var found: [(resource: Resource, limit: Double)] = []
    for resource in Resource.allCases {
      let value = file.take(resource.rawValue)
      let limit = resource.isShare ? share(value, resource.rawValue) : size(value, resource.rawValue)
      if let limit { found.append((resource, limit)) }
    }
    let patience = bounded(length(file.take("for"), "for"), "for", 1_000...86_400_000, at: entry.key) ?? 120_000
    let every = bounded(length(file.take("every"), "every"), "every", 1_000...3_600_000, at: entry.key) ?? 15_000
    file.finish()
    guard !found.isEmpty else { return nil }
    return Configuration.Resources(
      limits: found.map { ResourceLimit(resource: $0.resource, limit: $0.limit, patience: patience) }, every: every)
  }

  private func share(_ value: YAMLValue?, _ what: String) -> Double? {
    guard let value, let number = diagnostics.number(value, what, percent: true) else { return nil }
    if number >= 0.01, number <= 1 { return number }
    diagnostics.report(
      .outOfRange, at: value, "\(what) is a share from 1% to 100%; found \(value.found)", hint: "write \(what): 90%")
    return nil
  }

  private func size(_ value: YAMLValue?, _ what: String) -> Double? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let bytes = ConfigurationReader.bytes(text), bytes >= 1e6, bytes <= 1e15 { return bytes }
    diagnostics.report(
      .wrongType, at: value, "\(what) \(value.found) is no size of 1MB or more", hint: "write 500MB or 2GB")
    return nil
  }

  /// `500MB`, `2GB`: a whole number of millions or billions of bytes.
  static func bytes(_ text: String) -> Double? {
    for (ending, unit) in [("MB", 1e6), ("GB", 1e9)] where text.hasSuffix(ending) {
      let digits = text.dropLast(2)
      guard (1...6).contains(digits.utf8.count), let number = UInt32(digits) else { return nil }
      return Double(number) * unit
    }
    return nil
  }

  private func bounded(
    _ length: Int64?, _ what: String, _ range: ClosedRange<Int64>, at place: YAMLValue
  ) -> Int64? {
    guard let length else { return nil }
    if range.contains(length) { return length }
    diagnostics.report(
      .outOfRange, at: place,
      "\(what) under resources is a length of time from 1s to \(range.upperBound == 3_600_000 ? "1h" : "1d")")
    return nil
  }
}
