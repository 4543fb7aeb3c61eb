import CoreMetrics
import HTTPAPI
import Storage
import Trading

/// What the host counts and measures: one list, which `/metrics` explains itself by.
enum HostMetrics {
  static let all = [
    MetricMeaning("build_info", .gauge, "1, with the version as a label.", labels: ["version"]),
    MetricMeaning("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970."),
    MetricMeaning("process_cpu_seconds_total", .counter, "Processor time that the process has used."),
    MetricMeaning("process_resident_memory_bytes", .gauge, "Memory of the process."),
    MetricMeaning("process_open_fds", .gauge, "Files and connections that are open."),
    MetricMeaning(
      "resource_used_ratio", .gauge,
      "Share that is in use: of the machine's processors, memory and disk, of one processor by the process.",
      labels: ["resource"]),
    MetricMeaning(
      "resource_over_limit", .gauge, "1 while a resource is beyond its limit under resources:.", labels: ["resource"]),
    MetricMeaning("store_size_bytes", .gauge, "The database with its log."),
    MetricMeaning("scheduler_last_turn_timestamp_seconds", .gauge, "When the scheduler last looked at the clock."),
    MetricMeaning("job_runs_total", .counter, "Runs of jobs that ended, by result.", labels: ["job_name", "result"]),
    MetricMeaning("job_duration_seconds", .histogram, "How long runs of jobs took.", labels: ["job_name"]),
    MetricMeaning("job_skipped_total", .counter, "Slots of jobs that were passed over.", labels: ["job_name"]),
    MetricMeaning("jobs_running", .gauge, "Runs of jobs at this moment."),
    MetricMeaning("job_last_success_timestamp_seconds", .gauge, "When a job last succeeded.", labels: ["job_name"]),
    MetricMeaning(
      "fetches_total", .counter, "Series that were asked for, by source and result.", labels: ["source", "result"]),
    MetricMeaning("fetched_bars_total", .counter, "New bars that fetches brought."),
    MetricMeaning(
      "fetch_duration_seconds", .histogram, "How long requests took, the wait for their turn included.",
      labels: ["source"]),
    MetricMeaning("fetch_pass_duration_seconds", .histogram, "How long passes over all sources took."),
    MetricMeaning("evaluations_total", .counter, "Passes over the markets, by result.", labels: ["result"]),
    MetricMeaning("evaluation_duration_seconds", .histogram, "How long passes over the markets took."),
    MetricMeaning("evaluated_bars_total", .counter, "New bars that were evaluated."),
    MetricMeaning("signals_total", .counter, "Signals that were saved, by direction.", labels: ["direction"]),
    MetricMeaning(
      "inbound_messages_total", .counter, "Messages of signals from outside by source and what became of them.",
      labels: ["source", "result"]),
    MetricMeaning(
      "notifications_total", .counter, "Messages by channel and what became of them.", labels: ["channel", "result"]),
    MetricMeaning(
      "notification_duration_seconds", .histogram, "How long channels took to take a message.", labels: ["channel"]),
    MetricMeaning("outbox_messages", .gauge, "Messages in the outbox by state.", labels: ["state"]),
    MetricMeaning("backtests_waiting", .gauge, "Backtests that wait or run."),
    MetricMeaning(
      "http_requests_total", .counter, "Requests by operation and status.", labels: ["operation", "status"]),
    MetricMeaning("http_request_duration_seconds", .histogram, "How long answers took.", labels: ["operation"]),
    MetricMeaning("http_connections", .gauge, "Connections that are open."),
    MetricMeaning("http_event_listeners", .gauge, "Listeners of the stream of events."),
    MetricMeaning("errors_total", .counter, "What went wrong, by part.", labels: ["part"]),
  ]

  static let registry: PrometheusMetrics = {
    let registry = PrometheusMetrics(all)
    MetricsSystem.bootstrap(registry)
    return registry
  }()

  static func count(_ name: String, _ labels: [(String, String)] = [], by amount: Int = 1) {
    Counter(label: name, dimensions: labels, factory: registry).increment(by: amount)
  }

  static func add(_ name: String, _ amount: Double) {
    FloatingPointCounter(label: name, dimensions: [], factory: registry).increment(by: amount)
  }

  static func set(_ name: String, _ value: Double, _ labels: [(String, String)] = []) {
    Meter(label: name, dimensions: labels, factory: registry).set(value)
  }

  static func time(_ name: String, milliseconds: Int64, _ labels: [(String, String)] = []) {
    Timer(label: name, dimensions: labels, factory: registry).recordNanoseconds(max(0, milliseconds) * 1_000_000)
  }
}
