/// The greatest value of a window whose two ends only ever move forward, each at its own pace. Every value is put in
/// and taken out at most once, however long the windows are and however much they overlap.
public struct MovingExtreme: Sendable {
  private var places: [Int] = []
  private var values: [Double] = []
  private var head = 0

  public init() {}

  /// The greatest value in the window; nil where it has none.
  public var value: Double? { head < values.count ? values[head] : nil }

  /// Takes the value of a place that lies after all places before it. What is not a number is passed over.
  public mutating func add(_ value: Double, at place: Int) {
    guard !value.isNaN else { return }
    while values.count > head, let last = values.last, last <= value {
      values.removeLast()
      places.removeLast()
    }
    values.append(value)
    places.append(place)
  }

  /// Forgets the values of places before this one.
  public mutating func drop(before place: Int) {
    while head < places.count, places[head] < place { head += 1 }
    guard head == places.count else { return }
    places.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    head = 0
  }
}
