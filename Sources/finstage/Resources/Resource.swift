import Trading

/// What a host can run short of.
enum Resource: String, CaseIterable {
  /// Of the machine: the share of its processors' time, of its memory, and of the disk on which the database lies.
  case cpu, memory, disk
  /// Of this program: the share of one processor's time, and bytes.
  case processCPU = "process_cpu"
  case processMemory = "process_memory"

  /// Whether it is a share, 0 to 1 (above 1 for a program that keeps several processors busy); else bytes.
  var isShare: Bool { self != .processMemory }

  /// `93%`, `512 MB`.
  func written(_ value: Double) -> String {
    isShare ? "\(Int((value * 100).rounded()))%" : "\(Int((value / 1e6).rounded())) MB"
  }
}

/// A bound of a resource, told of once when it is passed and once when that is over.
struct ResourceLimit: Equatable {
  let resource: Resource
  let limit: Double
  /// Milliseconds for which it has to last, either way.
  let patience: Int64

  /// Below it, and not just below the limit, all is well again: a value that swings around the limit is one alarm.
  var relief: Double { limit * 0.9 }

  /// What is remembered between two looks.
  struct State: Equatable {
    var isOver = false
    /// Since when the values say otherwise.
    var since: Instant?
  }

  enum Change: Equatable { case passed, over }

  /// Takes a value note of; gives what is to be told.
  func note(_ value: Double, at moment: Instant, _ state: inout State) -> Change? {
    let saysOtherwise = state.isOver ? value < relief : value >= limit
    guard saysOtherwise else {
      state.since = nil
      return nil
    }
    // A clock that was put back begins anew.
    let since = state.since.flatMap { $0 <= moment ? $0 : nil } ?? moment
    guard moment.milliseconds - since.milliseconds >= patience else {
      state.since = since
      return nil
    }
    state = State(isOver: !state.isOver)
    return state.isOver ? .passed : .over
  }
}
