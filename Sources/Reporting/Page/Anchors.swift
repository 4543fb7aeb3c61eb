/// Names for places in a page, made from the data's own names so that a link stays good from run to run.
struct Anchors: Sendable {
  private var taken: Set<String> = []

  /// `result` and `ma_cross`, `^IXIC` give `result-ma-cross-ixic`; a name that is taken gets a number.
  mutating func name(_ parts: String...) -> String {
    let plain = parts.map(Anchors.slug).filter { !$0.isEmpty }.joined(separator: "-")
    var name = plain
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(plain)-\(number)"
      number += 1
    }
    return name
  }

  private static func slug(_ text: String) -> String {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: "-")
  }
}
