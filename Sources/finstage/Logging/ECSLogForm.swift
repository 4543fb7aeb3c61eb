import Trading

/// Entries as JSON lines in the fields of the Elastic Common Schema, as collectors for Elasticsearch take them without a
/// rule of their own (https://github.com/elastic/ecs-logging/blob/main/spec/spec.json).
///
/// A line is ASCII but for letters and signs that do nothing: what ends a line, steers a terminal or turns the direction
/// of writing stands as `\u…`, so that nothing is lost and nothing is injected.
struct ECSLogForm: LogForm {
  static let version = "8.11.0"

  /// Fields of the schema that entries may bring; others stand under `labels`.
  private static let admitted: Set<String> = [
    "error.message", "error.type", "event.action", "event.duration", "event.id", "event.outcome", "event.reason",
    "http.request.method", "http.response.status_code", "url.path", "user.name",
  ]
  /// Those that are whole numbers.
  private static let numbers: Set<String> = ["event.duration", "http.response.status_code"]

  func line(_ entry: LogEntry) -> String {
    var parts = [
      ("@timestamp", ECSLogForm.quoted("\(entry.time)")), ("log.level", ECSLogForm.quoted("\(entry.level)")),
      ("message", ECSLogForm.quoted(entry.message)), ("ecs.version", ECSLogForm.quoted(ECSLogForm.version)),
      ("service.name", "\"finstage\""), ("service.version", ECSLogForm.quoted(Finstage.version)),
      ("event.dataset", "\"finstage.log\""), ("log.logger", ECSLogForm.quoted(entry.logger)),
    ]
    var labels: [(name: String, value: String)] = []
    for field in entry.fields {
      if let value = ECSLogForm.value(field.name, field.value) {
        parts.append((field.name, value))
      } else {
        labels.append(field)
      }
    }
    let known = ECSLogForm.named(entry.labels + labels)
    if !known.isEmpty {
      let pairs = known.map { "\(ECSLogForm.quoted($0.name)):\(ECSLogForm.quoted($0.value))" }
      parts.append(("labels", "{" + pairs.joined(separator: ",") + "}"))
    }
    return "{" + parts.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }

  /// The value of a field of the schema; nil where it is none, or none of its kind.
  private static func value(_ name: String, _ text: String) -> String? {
    guard admitted.contains(name) else { return nil }
    return numbers.contains(name) ? Int64(text).map { "\($0)" } : quoted(text)
  }

  /// Names of labels have no dots and no signs that mean something to others; each stands once.
  private static func named(_ labels: [(name: String, value: String)]) -> [(name: String, value: String)] {
    var seen: Set<String> = []
    return labels.compactMap { label in
      let name = String(
        label.name.unicodeScalars.prefix(64).map { scalar in
          let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
          return isPlain ? Character(scalar) : "_"
        })
      return seen.insert(name).inserted ? (name, label.value) : nil
    }
  }

  /// A text of JSON.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for (place, scalar) in text.unicodeScalars.enumerated() {
      if place == LogText.limit {
        result += "… (cut)"
        break
      }
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where LogText.isActive(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
