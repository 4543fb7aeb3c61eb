import CoreMetrics
import Synchronization

/// One series: a metric with values for its labels.
final class MetricSeries: Sendable {
  let labels: [(name: String, value: String)]
  private let state: Mutex<State>

  struct State {
    var value = 0.0
    var sum = 0.0
    var count: UInt64 = 0
    /// How many lay at or below each bound.
    var buckets: [UInt64] = []
  }

  init(_ labels: [(String, String)], bounds: Int = 0) {
    self.labels = labels.map { (name: $0.0, value: $0.1) }
    state = Mutex(State(buckets: Array(repeating: 0, count: bounds)))
  }

  var read: State { state.withLock { $0 } }

  func add(_ amount: Double) { state.withLock { $0.value += amount } }

  func set(_ value: Double) { state.withLock { $0.value = value } }

  func observe(_ value: Double, _ bounds: [Double]) {
    state.withLock { state in
      state.sum += value
      state.count += 1
      for (place, bound) in bounds.enumerated() where value <= bound && place < state.buckets.count {
        state.buckets[place] += 1
      }
    }
  }

  func reset() { state.withLock { $0.value = 0 } }
}

final class SeriesCounter: CounterHandler, FloatingPointCounterHandler {
  private let series: MetricSeries

  init(_ series: MetricSeries) { self.series = series }

  func increment(by amount: Int64) { series.add(Double(max(0, amount))) }
  func increment(by amount: Double) { if amount >= 0 { series.add(amount) } }
  func reset() { series.reset() }
}

final class SeriesMeter: MeterHandler {
  private let series: MetricSeries

  init(_ series: MetricSeries) { self.series = series }

  func set(_ value: Int64) { series.set(Double(value)) }
  func set(_ value: Double) { series.set(value) }
  func increment(by amount: Double) { series.add(amount) }
  func decrement(by amount: Double) { series.add(-amount) }
}

/// Lengths of time, in seconds, or other values that are counted by their size.
final class SeriesHistogram: TimerHandler, RecorderHandler {
  private let series: MetricSeries
  private let bounds: [Double]

  init(_ series: MetricSeries, bounds: [Double]) {
    self.series = series
    self.bounds = bounds
  }

  func recordNanoseconds(_ duration: Int64) { series.observe(Double(duration) / 1e9, bounds) }
  func record(_ value: Int64) { series.observe(Double(value), bounds) }
  func record(_ value: Double) { if value.isFinite { series.observe(value, bounds) } }
}
