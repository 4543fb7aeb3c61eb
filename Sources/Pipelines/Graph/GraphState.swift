import PluginKit
import Trading

/// What a graph run has seen, apart from the run: the last values of the columns that are read further back, and what
/// each node remembers. Thousands of symbols take turns at one run, and each of them keeps this and no more.
///
/// It goes with the runs of one graph, whatever their blocks.
final class GraphState {
  /// Bars taken so far.
  var count = 0
  /// The columns that are read back, each as far as it is, one after another.
  let columns: UnsafeMutablePointer<Double>
  /// What the nodes remember, each at its place.
  let memories: UnsafeMutableRawPointer
  var session = SessionClock()
  let clocks: [ClockRun.State]
  private let layout: Layout

  /// Where the nodes' memories stand.
  struct Layout {
    var parts: [(offset: Int, memory: WorkMemory)] = []
    var size = 0
    /// The columns' values before the first bar.
    var initial: [Double] = []

    mutating func add(_ memory: WorkMemory) {
      let offset = (size + memory.alignment - 1) / memory.alignment * memory.alignment
      parts.append((offset, memory))
      size = offset + memory.size
    }
  }

  init(_ layout: Layout, clocks: [ClockRun.State]) {
    self.layout = layout
    self.clocks = clocks
    columns = .allocate(capacity: max(1, layout.initial.count))
    for (place, value) in layout.initial.enumerated() { (columns + place).initialize(to: value) }
    let alignment = layout.parts.map(\.memory.alignment).max() ?? 8
    memories = .allocate(byteCount: max(1, layout.size), alignment: alignment)
    for (offset, memory) in layout.parts { memory.initialize(memories + offset) }
  }

  deinit {
    for (offset, memory) in layout.parts { memory.end(memories + offset) }
    memories.deallocate()
    columns.deallocate()
  }
}

extension GraphRun {
  /// What a run has seen that has not begun.
  func state() -> GraphState { GraphState(layout, clocks: clocks.map { $0.run.state() }) }

  /// Takes up what another series of bars has left, and leaves there what this one has. A state that is left behind
  /// belongs to whoever takes it up next.
  func exchange(_ state: GraphState) {
    let bars = count
    store.exchange(state.columns, bars: state.count)
    state.count = bars
    for (offset, memory) in layout.parts { memory.exchange(state.memories + offset) }
    swap(&session, &state.session)
    for (clock, other) in zip(clocks, state.clocks) { clock.run.exchange(other) }
  }

  /// For each symbol that the graph reads, how many of its bars are taken.
  func taken(_ state: GraphState, _ note: (String, Int) -> Void) {
    for (clock, other) in zip(clocks, state.clocks) { clock.run.taken(other, note) }
  }
}
