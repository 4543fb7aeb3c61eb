/// Tells on which line a place of a document stands.
struct Lines {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// In the order of the document.
  func remarks(_ faults: [(at: Int, sentence: String)]) -> [FeedRemark] {
    var line = 1
    var at = 0
    return faults.sorted { $0.at < $1.at }.map { fault in
      let place = min(fault.at, bytes.count)
      if place > at {
        line += bytes[at..<place].count { $0 == 0x0A }
        at = place
      }
      return FeedRemark(line: line, fault.sentence)
    }
  }
}
