/// A line as the `d` of an SVG path, thinned to what can be seen: of the points in one unit of width only the lowest
/// and the highest are kept, so no extreme is lost and twenty years of days take a few kilobytes.
struct ChartPath: Sendable {
  private(set) var d = ""
  private var pen: (x: Int, y: Int)?
  private var start: (x: Int, y: Int)?
  private var column = Int.min
  private var pending: [(x: Double, y: Double)] = []

  /// A line through the points in their order; nil lifts the pen, for a hole in the data is not a straight line.
  static func line(_ points: some Sequence<(x: Double, y: Double)?>) -> String {
    var path = ChartPath()
    for point in points { path.add(point) }
    path.flush()
    return path.d
  }

  /// The area between the points and an upright position.
  static func area(_ points: some Sequence<(x: Double, y: Double)>, base: Double) -> String {
    var path = ChartPath()
    for point in points { path.add(point) }
    path.flush()
    guard let start = path.start, let pen = path.pen else { return "" }
    let foot = ChartNumber.text(base)
    return path.d + "L\(ChartNumber.text(tenths: pen.x)) \(foot)H\(ChartNumber.text(tenths: start.x))Z"
  }

  private mutating func add(_ point: (x: Double, y: Double)?) {
    guard let point, point.x.isFinite, point.y.isFinite else {
      flush()
      pen = nil
      return
    }
    if Int(point.x) != column { flush() }
    column = Int(point.x)
    pending.append(point)
  }

  private mutating func flush() {
    defer { pending.removeAll(keepingCapacity: true) }
    guard pending.count > 2 else {
      for point in pending { draw(point) }
      return
    }
    var low = 0
    var high = 0
    for index in pending.indices {
      if pending[index].y < pending[low].y { low = index }
      if pending[index].y > pending[high].y { high = index }
    }
    draw(pending[min(low, high)])
    if low != high { draw(pending[max(low, high)]) }
  }

  private mutating func draw(_ point: (x: Double, y: Double)) {
    let next = (x: ChartNumber.tenths(point.x * 10), y: ChartNumber.tenths(point.y * 10))
    if let pen {
      let dx = ChartNumber.text(tenths: next.x - pen.x)
      let dy = ChartNumber.text(tenths: next.y - pen.y)
      d += "l" + dx + (dy.hasPrefix("-") ? "" : " ") + dy
    } else {
      d += "M\(ChartNumber.text(tenths: next.x)) \(ChartNumber.text(tenths: next.y))"
      if start == nil { start = next }
    }
    pen = next
  }
}
