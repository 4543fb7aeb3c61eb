public import CoreMetrics
import Synchronization

/// Keeps metrics and writes them as Prometheus reads them (text format 0.0.4).
///
/// The number of series of one metric is bounded: values of labels beyond that are counted under `other`.
public final class PrometheusMetrics: MetricsFactory {
  /// Bounds of histograms, in seconds.
  public static let bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
  /// Series of one metric.
  static let most = 200

  public let prefix: String
  private let meanings: [String: MetricMeaning]
  private let families = Mutex<[String: Family]>([:])

  private struct Family {
    let kind: MetricMeaning.Kind
    var series: [String: MetricSeries] = [:]
  }

  public init(prefix: String = "finstage_", _ meanings: [MetricMeaning]) {
    self.prefix = prefix
    self.meanings = Dictionary(meanings.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    SeriesCounter(series(label, .counter, dimensions))
  }

  public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler
  {
    SeriesCounter(series(label, .counter, dimensions))
  }

  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    SeriesHistogram(series(label, .histogram, dimensions), bounds: PrometheusMetrics.bounds)
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    SeriesMeter(series(label, .gauge, dimensions))
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    SeriesHistogram(series(label, .histogram, dimensions), bounds: PrometheusMetrics.bounds)
  }

  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}

  /// A metric that is asked for as another kind than it is goes nowhere that is shown.
  private func series(_ name: String, _ kind: MetricMeaning.Kind, _ labels: [(String, String)]) -> MetricSeries {
    let bounds = kind == .histogram ? PrometheusMetrics.bounds.count : 0
    var labels = labels.count > 1 ? labels.sorted { $0.0 < $1.0 } : labels
    var key = PrometheusMetrics.key(labels)
    return families.withLock { families in
      if let family = families[name], family.kind == kind, let known = family.series[key] { return known }
      var family = families[name] ?? Family(kind: kind)
      guard family.kind == kind else { return MetricSeries(labels, bounds: bounds) }
      defer { families[name] = family }
      if family.series[key] == nil, family.series.count >= PrometheusMetrics.most {
        labels = labels.map { ($0.0, "other") }
        key = PrometheusMetrics.key(labels)
      }
      if let known = family.series[key] { return known }
      let made = MetricSeries(labels, bounds: bounds)
      family.series[key] = made
      return made
    }
  }

  private static func key(_ labels: [(String, String)]) -> String {
    labels.map { "\($0.0.utf8.count):\($0.0)\($0.1.utf8.count):\($0.1)" }.joined()
  }

  /// Everything, by name.
  public func exposition() -> String {
    let families = families.withLock { $0 }
    var text = ""
    for (name, family) in families.sorted(by: { $0.key < $1.key }) {
      let full = PrometheusMetrics.name(prefix + name)
      let help = meanings[name]?.help ?? name
      text += "# HELP \(full) \(PrometheusMetrics.helped(help))\n# TYPE \(full) \(family.kind.rawValue)\n"
      for (_, series) in family.series.sorted(by: { $0.key < $1.key }) {
        text += PrometheusMetrics.lines(full, family.kind, series)
      }
    }
    return text
  }

  private static func lines(_ name: String, _ kind: MetricMeaning.Kind, _ series: MetricSeries) -> String {
    let state = series.read
    guard kind == .histogram else { return "\(name)\(braces(series.labels)) \(number(state.value))\n" }
    var text = ""
    for (bound, count) in zip(bounds, state.buckets) {
      text += "\(name)_bucket\(braces(series.labels + [("le", number(bound))])) \(count)\n"
    }
    text += "\(name)_bucket\(braces(series.labels + [("le", "+Inf")])) \(state.count)\n"
    text += "\(name)_sum\(braces(series.labels)) \(number(state.sum))\n"
    return text + "\(name)_count\(braces(series.labels)) \(state.count)\n"
  }

  private static func braces(_ labels: [(name: String, value: String)]) -> String {
    guard !labels.isEmpty else { return "" }
    return "{" + labels.map { "\(name($0.name))=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
  }

  private static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)"
  }

  private static func name(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars.prefix(200) {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func helped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }
}
