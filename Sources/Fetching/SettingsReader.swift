internal import PluginKit

/// Whether a text is an address with one of the schemes and a host.
func isURL(_ text: String, schemes: [String]) -> Bool {
  guard let gap = text.firstRange(of: "://"), schemes.contains(String(text[..<gap.lowerBound])) else { return false }
  let rest = text[gap.upperBound...]
  return rest.first.map { !"/?#".contains($0) } == true && !rest.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
}

/// Reads what a configuration says of a client, and collects what cannot be used.
struct SettingsReader {
  let settings: PluginSettings
  var faults: [FetchSettings.Fault] = []

  mutating func check(_ name: String, _ fits: Bool, _ admitted: String) {
    check(name, fits, admitted, found: settings.text(name))
  }

  mutating func check(_ name: String, _ fits: Bool, _ admitted: String, found: String?) {
    guard !fits else { return }
    let found = found.map { "; found \"\($0)\"" } ?? ""
    faults.append(FetchSettings.Fault(name: name, sentence: "\(name) \(admitted)\(found)"))
  }

  mutating func rate(_ texts: [String]) -> [RateWindow] {
    texts.compactMap { text in
      let window = RateWindow(text)
      check(
        "rate", window != nil, "is a count from 1 to 1000000 and a length, such as 2/s, 60/m, 5/h, 25/d", found: text)
      return window
    }
  }

  mutating func duration(_ name: String, _ value: inout Int64, most: Int64) {
    guard let found = settings.text(name) else { return }
    let read = SettingValue.milliseconds(found)
    check(name, read.map { $0 <= most } ?? false, "is a length such as 250ms, 10s or 2m, at most \(most / 60_000)m")
    value = read ?? value
  }

  mutating func count(_ name: String, _ value: inout Int, _ range: ClosedRange<Int>) {
    guard let found = settings.text(name) else { return }
    let read = Int(found)
    check(name, read.map(range.contains) ?? false, "is a whole number from \(range.lowerBound) to \(range.upperBound)")
    value = read ?? value
  }
}
