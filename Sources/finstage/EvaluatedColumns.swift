import Pipelines
import Trading

/// Values of expressions, a column each, as text.
struct EvaluatedColumns {
  let expressions: [String]
  let candles: CandleSeries
  let columns: [[Double]]
  /// The bars that are shown; all of them, where nothing is said.
  var bars: Range<Int>?

  private var shown: Range<Int> { bars ?? 0..<candles.count }

  var csv: String {
    var text = (["timestamp"] + expressions.map(EvaluatedColumns.quoted)).joined(separator: ",") + "\n"
    for bar in shown {
      text += candles.times[bar].description
      for column in columns {
        text += ","
        if column[bar].isFinite { text += EvaluatedColumns.written(column[bar]) }
      }
      text += "\n"
    }
    return text
  }

  /// A row is `{ "timestamp": …, "values": […] }`, in the order of `expressions`.
  var json: String {
    let names = expressions.map { JSONValue.string($0).line }.joined(separator: ", ")
    let rows = shown.map { bar in
      let values = columns.map { $0[bar].isFinite ? EvaluatedColumns.written($0[bar]) : "null" }.joined(separator: ", ")
      return "    { \"timestamp\": \"\(candles.times[bar])\", \"values\": [\(values)] }"
    }
    return "{\n  \"expressions\": [\(names)],\n  \"rows\": [\n\(rows.joined(separator: ",\n"))\n  ]\n}\n"
  }

  /// The shortest text that reads back as the same number; whole ones, and so conditions, without a point.
  private static func written(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  /// A field in quotes where it needs them (RFC 4180).
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}
