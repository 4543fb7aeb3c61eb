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

  /// What changes from block to block. It stands behind a pointer that nothing else has: stored properties of a class
  /// are checked for exclusive access at every use, which a run of single bars would pay for dearly.
  private struct Memory {
    var values = UnsafeMutablePointer<Double>.allocate(capacity: 1)
    var groups = UnsafeMutablePointer<Group>.allocate(capacity: 1)
    /// The first row that some group has no room for.
    var fullAt = 0
  }

  private let memory: UnsafeMutablePointer<Memory>
  private var groups: [Group] = []
  private var constants: [UInt64: Int] = [:]
  private var size = 0
  private let block: Int
  /// How far back a constant may be read.
  private let reach: Int

  init(block: Int, reach: Int) {
    self.block = block
    self.reach = reach
    memory = .allocate(capacity: 1)
    memory.initialize(to: Memory())
  }

  deinit {
    memory.pointee.values.deallocate()
    memory.pointee.groups.deallocate()
    memory.deallocate()
  }

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

  /// Rows before the first are unknown. No column is reserved after this.
  func allocate() {
    memory.pointee.values.deallocate()
    memory.pointee.groups.deallocate()
    let values = UnsafeMutablePointer<Double>.allocate(capacity: max(1, size))
    values.initialize(repeating: .nan, count: max(1, size))
    let table = UnsafeMutablePointer<Group>.allocate(capacity: max(1, groups.count))
    for (index, group) in groups.enumerated() {
      (table + index).initialize(to: group)
      if let constant = group.constant { (values + group.offset).update(repeating: constant, count: group.capacity) }
    }
    memory.pointee = Memory(values: values, groups: table)
  }

  /// Takes rows of columns that stand `stride` apart in a series.
  func copy(_ series: Span<Double>, stride: Int, to place: Place, columns: [Int], row: Int, rows: Int) {
    for column in columns {
      let target = pointer(place.column(column), row: row)
      let source = series.extracting(column * stride + row..<column * stride + row + rows)
      source.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { target.update(from: start, count: rows) }
      }
    }
  }

  /// Makes every group hold rows `from ..< from + rows` and its history before them.
  func makeRoom(from: Int, rows: Int) {
    // Most bars of a live run fit: the groups are looked at when the first of them is full.
    guard from + rows > memory.pointee.fullAt else { return }
    let (values, table) = (memory.pointee.values, memory.pointee.groups)
    var fullAt = Int.max
    for index in groups.indices where table[index].constant == nil {
      let group = table[index]
      if from + rows - group.base > group.capacity {
        let kept = from - group.history - group.base
        if group.history > 0 {
          for column in 0..<group.columns {
            let start = values + group.offset + column * group.capacity
            start.update(from: start + kept, count: group.history)
          }
        }
        table[index].base += kept
      }
      fullAt = min(fullAt, table[index].base + group.capacity)
    }
    memory.pointee.fullAt = fullAt
  }

  /// The place of a row; rows before it follow backwards as far as the group's history.
  func pointer(_ place: Place, row: Int) -> UnsafeMutablePointer<Double> {
    let group = memory.pointee.groups + place.group
    let start = memory.pointee.values + group.pointee.offset + place.index * group.pointee.capacity
    return group.pointee.constant == nil ? start + (row - group.pointee.base) : start + group.pointee.history
  }

  /// Whether columns stand one after another in one group, as a view wants them.
  static func standSideBySide(_ places: [Place]) -> Bool {
    guard let first = places.first else { return true }
    return places.enumerated().allSatisfy { $1.group == first.group && $1.index == first.index + $0 }
  }

  /// Lets an indicator work on rows `row ..< row + rows`, whose inputs have no hole if `isWhole`.
  func advance(
    _ work: ColumnWork, from: Place, inputs: Int, to: Place, width: Int, row: Int, rows: Int, isWhole: Bool
  ) {
    let (values, table) = (memory.pointee.values, memory.pointee.groups)
    let (source, target) = (table[from.group], table[to.group])
    let inputSize = (inputs - 1) * source.capacity + source.capacity
    let outputSize = (width - 1) * target.capacity + target.capacity
    let input = UnsafeBufferPointer(
      start: values + source.offset + from.index * source.capacity, count: inputSize)
    let output = UnsafeMutableBufferPointer(
      start: values + target.offset + to.index * target.capacity, count: outputSize)
    // The two never overlap: an indicator's columns are a group of their own.
    var outputs = MutableSpan(_unsafeElements: output)
    let first = row - source.base
    work.advance(
      first..<first + rows, inputs: Span(_unsafeElements: input), inputStride: source.capacity, outputs: &outputs,
      outputStride: target.capacity, outputStart: target.base - source.base, isWhole: isWhole)
  }
}
