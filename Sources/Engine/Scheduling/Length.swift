/// A length of time as people write it.
extension Int64 {
  /// Milliseconds in the largest unit that divides them: `90m`, `1d`, `1500ms`.
  var asLength: String {
    let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")]
    guard self != 0, let unit = units.first(where: { self % $0.0 == 0 }) else { return "\(self)ms" }
    return "\(self / unit.0)\(unit.1)"
  }
}
