import PluginKit

/// The memory of a graph run: groups of columns in one allocation. A group keeps `history` rows before the block that
/// is at work; when it is full, those slide to its front, at O(1) a bar.
///
/// Pointers stay inside this file's class and the operations: a node writes its own columns while it reads those of
/// others, which spans of one array cannot express.
final class ColumnStore {
  /// One column of a group.
  struct Place {
    var group: Int
    var index: Int

    func column(_ offset: Int) -> Place { Place(group: group, index: index + offset) }
  }

  private struct Group {
    var offset: Int
    var columns: Int
    var history: Int
    var capacity: Int
    /// The row that stands at the group's first place.
    var base: Int
    var constant: Double?
  }

  private var groups: [Group] = []
  private var constants: [UInt64: Int] = [:]
  private var size = 0
  private var memory = UnsafeMutablePointer<Double>.allocate(capacity: 1)
  private let block: Int
  /// How far back a constant may be read.
  private let reach: Int

  init(block: Int, reach: Int) {
    self.block = block
    self.reach = reach
  }

  deinit { memory.deallocate() }

  func reserve(columns: Int, history: Int) -> Place {
    let capacity = history + max(block, history)
    groups.append(Group(offset: size, columns: columns, history: history, capacity: capacity, base: -history))
    size += columns * capacity
    return Place(group: groups.count - 1, index: 0)
  }

  /// A column of one value, whatever the row.
  func constant(_ value: Double) -> Place {
    if let group = constants[value.bitPattern] { return Place(group: group, index: 0) }
    groups.append(
      Group(offset: size, columns: 1, history: reach, capacity: reach + block, base: 0, constant: value))
    size += reach + block
    constants[value.bitPattern] = groups.count - 1
    return Place(group: groups.count - 1, index: 0)
  }

  /// Rows before the first are unknown.
  func allocate() {
    memory.deallocate()
    memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, size))
    memory.initialize(repeating: .nan, count: max(1, size))
    for group in groups {
      if let constant = group.constant {
        (memory + group.offset).update(repeating: constant, count: group.capacity)
      }
    }
  }

  /// Makes every group hold rows `from ..< from + rows` and its history before them.
  func makeRoom(from: Int, rows: Int) {
    for index in groups.indices where groups[index].constant == nil {
      let group = groups[index]
      guard from + rows - group.base > group.capacity else { continue }
      let kept = from - group.history - group.base
      if group.history > 0 {
        for column in 0..<group.columns {
          let start = memory + group.offset + column * group.capacity
          start.update(from: start + kept, count: group.history)
        }
      }
      groups[index].base += kept
    }
  }

  /// The place of a row; rows before it follow backwards as far as the group's history.
  func pointer(_ place: Place, row: Int) -> UnsafeMutablePointer<Double> {
    let group = groups[place.group]
    let start = memory + group.offset + place.index * group.capacity
    return group.constant == nil ? start + (row - group.base) : start + group.history
  }

  /// Whether columns stand one after another in one group, as a view wants them.
  static func standSideBySide(_ places: [Place]) -> Bool {
    guard let first = places.first else { return true }
    return places.enumerated().allSatisfy { $1.group == first.group && $1.index == first.index + $0 }
  }

  /// Lets an indicator work on rows `row ..< row + rows`.
  func advance(
    _ work: ColumnWork, from: Place, inputs: Int, to: Place, width: Int, row: Int, rows: Int
  ) {
    let (source, target) = (groups[from.group], groups[to.group])
    let inputSize = (inputs - 1) * source.capacity + source.capacity
    let outputSize = (width - 1) * target.capacity + target.capacity
    let input = UnsafeBufferPointer(
      start: memory + source.offset + from.index * source.capacity, count: inputSize)
    let output = UnsafeMutableBufferPointer(
      start: memory + target.offset + to.index * target.capacity, count: outputSize)
    // The two never overlap: an indicator's columns are a group of their own.
    var outputs = MutableSpan(_unsafeElements: output)
    let first = row - source.base
    work.advance(
      first..<first + rows, inputs: Span(_unsafeElements: input), inputStride: source.capacity, outputs: &outputs,
      outputStride: target.capacity, outputStart: target.base - source.base)
  }
}
