/// The memory of a graph run: columns of one length in one allocation, so that a bar stands at the same row of each.
/// A column keeps as many rows before the block at work as are read of it; when the store is full, those slide to its
/// front, at O(1) a bar.
///
/// Pointers stay inside this file's class and the stages: a node writes its own columns while it reads those of others,
/// which spans of one array cannot express.
final class ColumnStore {
  /// What changes from block to block. It stands behind a pointer that nothing else has: stored properties of a class
  /// are checked for exclusive access at every use, which a run of single bars would pay for dearly.
  private struct Memory {
    /// Bars taken so far.
    var taken = 0
    /// The bar that stands at row 0.
    var base: Int
    /// The first bar that there is no room for.
    var fullAt: Int
    /// Whether prices are adjusted by other factors than 1.
    var isRestated = false
  }

  /// Rows of a column.
  let capacity: Int
  private let values: UnsafeMutablePointer<Double>
  private let memory: UnsafeMutablePointer<Memory>
  /// Room for as many rows as are read back.
  private let scratch: UnsafeMutablePointer<Double>
  /// Columns that are read further back than the block, and how far.
  private let readBack: [(column: Int, history: Int)]
  /// Their values before the first bar, one column after another: unknown, but for constants.
  let initial: [Double]
  /// The furthest back that anything reads, constants among it.
  private let reach: Int
  /// Columns that hold a number until they are written.
  private let numbers: [(column: Int, value: Double)]

  init(_ plan: Plan, block: Int, reach: Int) {
    self.reach = reach
    numbers = plan.numbers
    readBack = plan.histories.enumerated().filter { $1 > 0 }.map { (column: $0, history: $1) }
    initial = readBack.flatMap { Array(repeating: plan.constants[$0.column] ?? .nan, count: $0.history) }
    // A bar at a time it slides seldom. An odd number of cache lines, so that equal rows of many columns do not fall
    // into the same places of a cache.
    let lines = (reach + max(block, reach, 64) + 7) / 8 | 1
    capacity = 8 * lines
    let size = max(1, plan.histories.count * capacity)
    values = .allocate(capacity: size)
    // Bars before the first are unknown.
    values.initialize(repeating: .nan, count: size)
    for (column, constant) in plan.constants {
      (values + column * capacity).update(repeating: constant, count: capacity)
    }
    scratch = .allocate(capacity: max(1, reach))
    memory = .allocate(capacity: 1)
    memory.initialize(to: Memory(base: -reach, fullAt: capacity - reach))
  }

  deinit {
    values.deallocate()
    scratch.deallocate()
    memory.deallocate()
  }

  /// Bars taken so far.
  var taken: Int { memory.pointee.taken }

  func take(bars: Int) { memory.pointee.taken += bars }

  /// Whether prices are adjusted by other factors than 1.
  var isRestated: Bool {
    get { memory.pointee.isRestated }
    set { memory.pointee.isRestated = newValue }
  }

  /// Takes bars of columns that stand `stride` apart in a series, from its bar `bar` on, as the next bars.
  func copy(_ series: Span<Double>, stride: Int, to first: Int, columns: [Int], bar: Int, bars: Int) {
    for column in columns {
      let target = pointer(first + column, bar: taken)
      let source = series.extracting(column * stride + bar..<column * stride + bar + bars)
      for row in 0..<bars { target[row] = source[row] }
    }
  }

  /// Makes every column hold bars `from ..< from + bars` and its history before them.
  @inline(__always)
  func makeRoom(from: Int, bars: Int) {
    if from + bars > memory.pointee.fullAt { slide(from) }
  }

  @inline(never)
  private func slide(_ from: Int) {
    let row = row(of: from)
    for (column, history) in readBack {
      let start = values + column * capacity
      (start + reach - history).update(from: start + row - history, count: history)
    }
    memory.pointee.base = from - reach
    memory.pointee.fullAt = from - reach + capacity
  }

  /// Changes the bars that are read back for others: values of all the columns one after another, as `initial` has them, that
  /// came before bar `bars`.
  func exchange(_ values: UnsafeMutablePointer<Double>, bars: Int) {
    let row = row(of: taken)
    let wasRestated = isRestated
    memory.pointee = Memory(taken: bars, base: bars - reach, fullAt: bars - reach + capacity)
    var other = values
    for (column, history) in readBack {
      let own = start(column)
      scratch.update(from: own + row - history, count: history)
      (own + reach - history).update(from: other, count: history)
      other.update(from: scratch, count: history)
      other += history
    }
    // Who adjusts prices writes the numbers at every bar; who does not would find what others have written.
    guard wasRestated else { return }
    for (column, value) in numbers { (start(column) + reach).update(repeating: value, count: capacity - reach) }
  }

  /// The row at which a bar stands in every column.
  func row(of bar: Int) -> Int { bar - memory.pointee.base }

  /// The first row of a column.
  func start(_ column: Int) -> UnsafeMutablePointer<Double> { values + column * capacity }

  /// The place of a bar; bars before it follow backwards as far as the column's history.
  func pointer(_ column: Int, bar: Int) -> UnsafeMutablePointer<Double> { start(column) + row(of: bar) }
}

extension ColumnStore {
  /// Which columns there are to be, each a number in order.
  struct Plan {
    fileprivate var histories: [Int] = []
    fileprivate var constants: [Int: Double] = [:]
    fileprivate var numbers: [(column: Int, value: Double)] = []
    private var places: [UInt64: Int] = [:]

    /// The first of some columns that stand one after another.
    mutating func reserve(columns: Int, history: Int) -> Int {
      histories += Array(repeating: history, count: columns)
      return histories.count - columns
    }

    /// A column of one value, at whatever bar.
    mutating func constant(_ value: Double) -> Int {
      if let place = places[value.bitPattern] { return place }
      let place = reserve(columns: 1, history: 0)
      places[value.bitPattern] = place
      constants[place] = value
      return place
    }

    /// A column that holds a number until it is written.
    mutating func number(_ value: Double, history: Int) -> Int {
      let place = reserve(columns: 1, history: history)
      constants[place] = value
      numbers.append((place, value))
      return place
    }

    /// Keeps a column at least so far back.
    mutating func keep(_ column: Int, history: Int) { histories[column] = max(histories[column], history) }
  }
}
