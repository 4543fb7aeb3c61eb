import Foundation
import Pipelines
import TestSupport
import Testing

/// Files that are made to keep a reader busy: each gets an answer. How long that takes is measured by
/// `Benchmarks/`, not here; a case that is not bounded does not end, which the runner's time limit shows.
@Suite struct BoundTests {
  static let head = "name: x\ntimeframe: 1d\nsymbols: [X]\n"

  /// Cases by name, with the code that the first message has; nil where the file is sound.
  static let cases: [(name: String, text: @Sendable () -> String, code: Diagnostic.Code?)] = [
    ("100 MB", { String(repeating: "# nothing but a comment\n", count: 4_369_067) }, .tooLarge),
    ("brackets 10,000 deep", { "a: " + String(repeating: "[", count: 10_000) }, .tooDeep),
    (
      "brackets 10,000 deep and closed",
      { "a: \(String(repeating: "[", count: 10_000))\(String(repeating: "]", count: 10_000))" }, .tooDeep
    ),
    ("braces 10,000 deep", { "a: " + String(repeating: "{a: ", count: 10_000) }, .tooDeep),
    ("items 10,000 deep", { String(repeating: "- ", count: 10_000) }, .tooDeep),
    ("keys 1,400 deep", { (0..<1_400).map { String(repeating: " ", count: $0) + "a:\n" }.joined() }, .tooDeep),
    ("a key in a key in a key", { String(repeating: "? ", count: 10_000) }, .wrongType),
    (
      "aliases of aliases as keys",
      { aliases(9, of: 9) { "{ \($0.map { "[\($0), 1]: 1" }.joined(separator: ", ")) }" } }, .alias
    ),
    (
      "one long list, often, as a key",
      {
        "a: &a [\(Array(repeating: "x", count: 10_000).joined(separator: ","))]\nb:\n"
          + (0..<10_000).map { "  [*a, \($0)]: 1\n" }.joined()
      }, .alias
    ),
    ("300,000 empty lists", { "a: [\(Array(repeating: "[]", count: 300_000).joined(separator: ","))]" }, .tooLarge),
    ("a mapping of 20,000 unknown keys", { (0..<20_000).map { "k\($0): 1\n" }.joined() }, .missingKey),
    ("100,000 steps", { head + "pipeline:\n" + steps(100_000) { _ in "module: ma_breakout" } }, .tooLarge),
    ("8,000 unknown modules", { head + "pipeline:\n" + steps(8_000) { "module: none\($0)" } }, .unknownModule),
    (
      "8,000 steps of which one is used", { head + "pipeline:\n" + steps(8_000) { _ in "module: ma_breakout" } },
      .unusedStep
    ),
    (
      "5,000 steps in a chain",
      {
        head + "pipeline:\n" + steps(5_000) { "module: confirm_all, inputs: [s\($0 + 1)]" }
      }, .tooDeep
    ),
    (
      "5,000 steps with inputs that do not exist",
      {
        head + "pipeline:\n" + steps(5_000) { "module: confirm_all, inputs: [t\($0), u\($0)]" }
      }, .unknownStep
    ),
    (
      "5,000 definitions in a chain",
      {
        head + "let:\n" + (0..<5_000).map { "  a\($0): a\($0 + 1) + 1\n" }.joined() + "  a5000: close\n"
          + "pipeline:\n  - { id: s, buy: a0 > 1 }\n"
      }, .tooDeep
    ),
    (
      "5,000 definitions of unknown names",
      {
        head + "let:\n" + (0..<5_000).map { "  a\($0): b\($0) + 1\n" }.joined()
          + "pipeline:\n  - { id: s, buy: close > 1 }\n"
      }, .unknownName
    ),
    (
      "each definition twice the one before",
      {
        head + "let:\n  a0: close\n" + (1...60).map { "  a\($0): a\($0 - 1) + a\($0 - 1)\n" }.joined()
          + "pipeline:\n  - { id: s, buy: a60 > 1 }\n"
      }, nil
    ),
    (
      "an expression of a million characters",
      { head + "pipeline:\n  - id: s\n    buy: \(String(repeating: "(", count: 1_000_000))\n" }, .tooLarge
    ),
    (
      "sums of 4,000 parts",
      { head + "pipeline:\n  - id: s\n    buy: 1\(String(repeating: "+1", count: 4_000)) > 1\n" }, .tooDeep
    ),
    (
      "indices 3,000 deep",
      { head + "pipeline:\n  - id: s\n    buy: close\(String(repeating: "[1]", count: 3_000)) > 1\n" }, .tooDeep
    ),
    (
      "9,000 tests of 100,000 bars",
      {
        head + "pipeline:\n  - { id: s, module: ma_breakout }\ntests:\n"
          + (0..<9_000).map { "  - { name: t\($0), closes: 1x100000, expect: [] }\n" }.joined()
      }, .tooLarge
    ),
    (
      "escapes that stand for other characters",
      {
        head + "pipeline:\n"
          + (0..<50).map { "  - { id: s\($0), buy: \"\(String(repeating: "\\x20", count: 4_000)) clse\" }\n" }.joined()
      }, .unknownName
    ),
  ]

  @Test("every file gets an answer", arguments: cases.indices)
  func answers(_ index: Int) {
    let (name, text, code) = BoundTests.cases[index]
    let (strategy, diagnostics) = read(Array(text().utf8), file: "x.yaml")
    #expect(diagnostics.first?.code == code, "\(name)")
    #expect(diagnostics.count <= 200, "\(name)")
    #expect((strategy == nil) == diagnostics.contains { $0.severity == .error }, "\(name)")
    for diagnostic in diagnostics { #expect(diagnostic.description.utf8.count < 4_000, "\(name)") }
  }

  @Test("files damaged at random get an answer")
  func answersDamagedFiles() throws {
    var random = SplitMix(seed: 7)
    let pieces = [
      "[", "{", "}", "]", ":", ": ", "- ", "\"", "'", "&a ", "*a", "|\n", ">\n", "\t", "\n", "(", ")", "[-1]", "é", "🚨",
      "\u{0}", "%", "#", ",", "? ", "!x ", "\\x", "9999999999999999999", "@ 1w", ".",
    ]
    for name in ["combined/triple-confirmation", "reversion/trend-pullback", "breakout/donchian-breakout"] {
      let bytes = [UInt8](try Data(contentsOf: repositoryFile("strategies/\(name).yaml")))
      for _ in 0..<300 {
        var damaged = bytes
        for _ in 0..<(1 + random.next() % 4) {
          let at = Int(random.next() % UInt64(damaged.count))
          switch random.next() % 4 {
          case 0: damaged.remove(at: at)
          case 1: damaged[at] = UInt8(truncatingIfNeeded: random.next())
          case 2: damaged.removeSubrange(at..<min(damaged.count, at + Int(random.next() % 40)))
          default: damaged.insert(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))].utf8, at: at)
          }
          if damaged.isEmpty { damaged = [10] }
        }
        let (strategy, diagnostics) = read(damaged, file: "\(name).yaml")
        #expect((strategy == nil) == diagnostics.contains { $0.severity == .error })
        for diagnostic in diagnostics { #expect(!diagnostic.description.isEmpty) }
      }
    }
  }

  private static func steps(_ count: Int, _ rule: (Int) -> String) -> String {
    (0..<count).map { "- { id: s\($0), \(rule($0)) }\n" }.joined()
  }

  private static func aliases(_ levels: Int, of count: Int, _ body: ([String]) -> String) -> String {
    "a0: &a0 x\n"
      + (1...levels).map { level in
        "a\(level): &a\(level) \(body((0..<count).map { _ in "*a\(level - 1)" }))\n"
      }.joined()
  }
}
