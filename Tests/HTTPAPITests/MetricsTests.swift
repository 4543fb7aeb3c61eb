import CoreMetrics
import Testing

@testable import HTTPAPI

/// The text format of Prometheus, 0.0.4: expected texts are written by hand after its description.
@Suite struct MetricsTests {
  private let registry = PrometheusMetrics([
    MetricMeaning("runs_total", .counter, "Runs, by\nresult \\ job."), MetricMeaning("queue", .gauge, "Waiting."),
    MetricMeaning("took_seconds", .histogram, "How long."),
  ])

  @Test func `counters and gauges stand by name, their labels escaped`() {
    let label = [("job", "a \"b\"\\\n")]
    Counter(label: "runs_total", dimensions: label, factory: registry).increment(by: 2)
    Counter(label: "runs_total", dimensions: label, factory: registry).increment()
    Meter(label: "queue", factory: registry).set(1.5)
    #expect(
      registry.exposition() == """
        # HELP finstage_queue Waiting.
        # TYPE finstage_queue gauge
        finstage_queue 1.5
        # HELP finstage_runs_total Runs, by\\nresult \\\\ job.
        # TYPE finstage_runs_total counter
        finstage_runs_total{job="a \\"b\\"\\\\\\n"} 3

        """)
  }

  @Test func `a histogram counts what lies at or below each bound, in seconds`() {
    let timer = Timer(label: "took_seconds", factory: registry)
    for nanoseconds in [1_000_000, 30_000_000, 2_000_000_000, 400_000_000_000] as [Int64] {
      timer.recordNanoseconds(nanoseconds)
    }
    let lines = registry.exposition().split(separator: "\n")
    for line in [
      "finstage_took_seconds_bucket{le=\"0.001\"} 1", "finstage_took_seconds_bucket{le=\"0.01\"} 1",
      "finstage_took_seconds_bucket{le=\"0.05\"} 2", "finstage_took_seconds_bucket{le=\"1\"} 2",
      "finstage_took_seconds_bucket{le=\"2.5\"} 3", "finstage_took_seconds_bucket{le=\"300\"} 3",
      "finstage_took_seconds_bucket{le=\"+Inf\"} 4", "finstage_took_seconds_sum 402.031",
      "finstage_took_seconds_count 4",
    ] { #expect(lines.contains(Substring(line)), "\(line)") }
  }

  @Test func `however many values a label has, the series are bounded and nothing is lost`() {
    for number in 0..<1_000 {
      Counter(label: "runs_total", dimensions: [("job", "\(number)")], factory: registry).increment()
    }
    let values = registry.exposition().split(separator: "\n").filter { $0.hasPrefix("finstage_runs_total{") }
    #expect(values.count == PrometheusMetrics.most + 1)
    #expect(values.contains("finstage_runs_total{job=\"other\"} \(1_000 - PrometheusMetrics.most)"))
  }
}
