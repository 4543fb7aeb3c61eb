import Trading

/// Watches that times ascend strictly, and knows on which line each accepted row stands.
struct RowOrder {
  private var last = Instant(milliseconds: .min)
  /// The stamp read last, accepted or not, and how often it was after or before the one above it.
  private var above: Instant?
  private var first: Instant?
  private var steps: (up: Int, down: Int) = (0, 0)
  /// From `row` on, a row stands on line `row + offset`.
  private var offsets: [(row: Int, offset: Int)] = []
  private var offset = Int.min

  @inline(__always)
  func isNext(_ time: Instant) -> Bool { time > last }

  @inline(__always)
  mutating func accept(_ time: Instant, line: Int, row: Int) {
    note(time)
    last = time
    if line - row != offset {
      offset = line - row
      offsets.append((row, offset))
    }
  }

  /// Whether the rows as a whole run from the newest to the oldest.
  var runsBackwards: Bool { steps.down > steps.up }

  var newestFirst: String {
    "the rows run from the newest to the oldest (\(text(first)) stands first, \(text(above)) last); oldest first is wanted"
  }

  /// Adds the fault of a time that is not after the last accepted one.
  mutating func refuse(
    _ time: Instant, among times: [Instant], rows: Int, line: Int, column: String, faults: inout FaultList
  ) {
    note(time)
    let row = RowOrder.firstRow(notBefore: time, in: times, rows: rows)
    if row < rows, times[row] == time {
      faults.add(.duplicateTime, line: line, column: column) {
        "\(column) \(time) stands on line \(self.line(ofRow: row)) already; a time stands once"
      }
    } else {
      faults.add(.timeGoesBack, line: line, column: column) {
        "\(column) \(time) is before \(last) on line \(self.line(ofRow: rows - 1)); times ascend"
      }
    }
  }

  @inline(__always)
  private mutating func note(_ time: Instant) {
    if let above {
      if time > above { steps.up += 1 } else if time < above { steps.down += 1 }
    } else {
      first = time
    }
    above = time
  }

  private func line(ofRow row: Int) -> Int {
    row + (offsets.last { $0.row <= row }?.offset ?? 0)
  }

  private func text(_ time: Instant?) -> String { time.map { "\($0)" } ?? "" }

  /// The first of the accepted rows whose time is not before `time`; `rows` where all are.
  private static func firstRow(notBefore time: Instant, in times: [Instant], rows: Int) -> Int {
    var (low, high) = (0, rows)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
