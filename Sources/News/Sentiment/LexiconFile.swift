/// What is wrong with a lexicon, and where.
public struct LexiconFault: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  /// From 1.
  public var line: Int
  public var message: String

  public var description: String { "\(file):\(line): \(message)" }
}

extension Lexicon {
  private enum Section: String, CaseIterable {
    case settings, words, intensifiers, breaks
    case negators
    case negatorsAfter = "negators after"
  }

  /// Patterns of all files together; each is kept in memory.
  private static let limit = 100_000
  private static let settingNames = ["negation", "damping", "threshold", "reach"]

  /// Takes the lines of a file over those that are there: of a word that stands in both, the later weight counts.
  ///
  /// `[words]` and `[intensifiers]` hold lines of a number and patterns, `[negators]`, `[negators after]` and
  /// `[breaks]` patterns alone, `[settings]` a name and a number.
  public mutating func add(_ text: String, file: String) throws(LexiconFault) {
    var section: Section?
    var own: Set<String> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let fields = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        .map(String.init)
      guard let first = fields.first else { continue }
      func fault(_ message: String) -> LexiconFault { LexiconFault(file: file, line: index + 1, message: message) }
      if first.hasPrefix("[") {
        let name = fields.joined(separator: " ").filter { $0 != "[" && $0 != "]" }
        guard let found = Section(rawValue: name) else {
          throw fault(
            "there is no section [\(name)]: \(Section.allCases.map { "[\($0.rawValue)]" }.joined(separator: " "))")
        }
        section = found
        continue
      }
      guard let section else { throw fault("a lexicon begins with a section: [words]") }
      switch section {
      case .settings: try set(fields, fault)
      case .words:
        let weight = try Lexicon.number(fields, -4...4, fault)
        if weight == 0 { throw fault("a weight of 0 says nothing: leave the words out") }
        for pattern in fields.dropFirst() { try put(pattern, weight, \.words, section, &own, fault) }
      case .intensifiers:
        let factor = try Lexicon.number(fields, 0...4, fault)
        for pattern in fields.dropFirst() { try put(pattern, factor, \.intensifiers, section, &own, fault) }
      case .negators: for pattern in fields { try put(pattern, 1, \.negatorsBefore, section, &own, fault) }
      case .negatorsAfter: for pattern in fields { try put(pattern, 1, \.negatorsAfter, section, &own, fault) }
      case .breaks: for pattern in fields { try put(pattern, 1, \.breaks, section, &own, fault) }
      }
    }
  }

  private mutating func put(
    _ pattern: String, _ value: Double, _ table: WritableKeyPath<Lexicon, WordTable>, _ section: Section,
    _ own: inout Set<String>, _ fault: (String) -> LexiconFault
  ) throws(LexiconFault) {
    let pattern = pattern.lowercased()
    let bare = pattern.filter { $0 != "*" && $0 != "_" }
    guard !bare.isEmpty, bare.allSatisfy({ $0.isLetter || $0 == "'" }) else {
      throw fault("\"\(pattern)\" is no word: letters, _ between words, * behind a beginning, *so* for a part")
    }
    let isPart = pattern.hasPrefix("*")
    guard !isPart || (pattern.hasSuffix("*") && !pattern.contains("_") && pattern.count > 2) else {
      throw fault("\"\(pattern)\": a part of a word is written *so*, and is one word")
    }
    guard own.insert("\(section.rawValue) \(pattern)").inserted else {
      throw fault("\"\(pattern)\" stands twice under [\(section.rawValue)]")
    }
    guard own.count <= Lexicon.limit else { throw fault("a lexicon holds \(Lexicon.limit) words at most") }
    _ = self[keyPath: table].add(pattern, value)
  }

  private mutating func set(_ fields: [String], _ fault: (String) -> LexiconFault) throws(LexiconFault) {
    guard fields.count == 2, let value = Double(fields[1]), value.isFinite else {
      throw fault("a setting is a name and a number: threshold 0.2")
    }
    let ranges: [String: ClosedRange<Double>] = [
      "negation": -1...1, "damping": 0.1...100, "threshold": 0...1, "reach": 1...10,
    ]
    guard let range = ranges[fields[0]] else {
      throw fault("there is no setting \"\(fields[0])\": \(Lexicon.settingNames.joined(separator: ", "))")
    }
    guard range.contains(value) else {
      throw fault("\(fields[0]) lies from \(range.lowerBound) to \(range.upperBound); found \(fields[1])")
    }
    switch fields[0] {
    case "negation": negation = value
    case "damping": damping = value
    case "threshold": threshold = value
    default: reach = Int(value)
    }
  }

  private static func number(
    _ fields: [String], _ range: ClosedRange<Double>, _ fault: (String) -> LexiconFault
  ) throws(LexiconFault) -> Double {
    guard fields.count > 1, let value = Double(fields[0]), range.contains(value) else {
      throw fault(
        "a line here is a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)) and words: +2 gains gained")
    }
    return value
  }
}
