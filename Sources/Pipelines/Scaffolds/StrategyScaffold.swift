public import PluginKit
import Trading

/// The text of a new strategy: sound, with tests that hold, and comments that say what to change.
public struct StrategyScaffold: Sendable {
  /// Why there is none.
  public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    case badName(String)
    case unknownModule(String, hint: String)

    public var description: String {
      switch self {
      case .badName(let name):
        "\"\(name)\" is no name for a strategy: 1 to 64 small letters, digits, - and _, a letter or digit first"
      case .unknownModule(let id, let hint): "there is no signal module \"\(id)\"; \(hint)"
      }
    }
  }

  public let text: String

  /// A name is a file's name and a word in commands.
  public static func isName(_ name: String) -> Bool {
    func isWord(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
    guard (1...64).contains(name.utf8.count), let first = name.utf8.first, isWord(first) else { return false }
    return name.utf8.allSatisfy { isWord($0) || $0 == 45 || $0 == 95 }
  }

  /// `symbols` are written as given: `"@index"` or `AAPL`. Without a module it is a step of expressions.
  public init(
    name: String, module id: String? = nil, symbols: [String], registry: Registry
  ) throws(Fault) {
    guard StrategyScaffold.isName(name) else { throw .badName(name) }
    let head = StrategyScaffold.head(name, symbols)
    guard let id else {
      text = head + StrategyScaffold.expressions
      return
    }
    guard let entry = registry.signals[id] else {
      throw .unknownModule(id, hint: suggestion(for: id, among: registry.signals.keys.sorted(), called: "modules"))
    }
    let body = head + ModuleScaffold(entry).text
    let whole = body + ModuleScaffold.silence
    // Most modules are silent on a flat line; of one that is not, the test would be wrong.
    text = StrategyScaffold.holds(whole, name, registry) ? whole : body
  }

  private static func holds(_ text: String, _ name: String, _ registry: Registry) -> Bool {
    let (strategy, _) = StrategyReader(registry: registry).read(file: "\(name).yaml", bytes: Array(text.utf8))
    guard let outcomes = try? strategy?.runTests() else { return false }
    return outcomes.allSatisfy { $0.faults.isEmpty }
  }

  private static func head(_ name: String, _ symbols: [String]) -> String {
    """
    # `finstage validate` checks this file, `finstage test \(name)` runs its tests,
    # `finstage describe \(name)` tells the rule in words, `finstage backtest \(name)` tries it on prices.
    name: \(name)   # the file's name
    title: \(title(of: name))
    description: Say here what it sees, when it acts, and when it is known to fail.
    timeframe: 1d   # the length of a bar: 1m 5m 15m 1h 4h 1d 1w 1mo
    symbols: [\(symbols.map(quoted).joined(separator: ", "))]

    """
  }

  private static func quoted(_ symbol: String) -> String {
    symbol.utf8.allSatisfy { (65...90).contains($0) || (97...122).contains($0) } && !symbol.isEmpty
      ? symbol : "\"\(symbol)\""
  }

  /// `My first` of `my-first`.
  private static func title(of name: String) -> String {
    let words = name.split { $0 == "-" || $0 == "_" }.joined(separator: " ")
    return "\"\(words.prefix(1).uppercased() + words.dropFirst())\""
  }

  private static let expressions = """
    params:
      bars: { default: 20, range: 5..100:5 }   # a number with a name, which a parameter search can change
    pipeline:
      # A step with two conditions, worked out at the close of every bar. The signal is the bar on which one BECOMES true.
      - id: trend
        buy:  close > sma(close, bars) and close > close[1]
        sell: close < sma(close, bars)
        confidence: 60                         # your own, 0 to 100
        reason: "close {close}, its average {sma(close, bars)}"
    # How signals are traded; without it: long only, all equity, no stop.
    trade:
      side: long
      stop: 8%
    # Bars count from 0; 100x30 is thirty bars at 100, 101+1x5 is 101 102 103 104 105.
    # `expect` lists every signal that there is.
    tests:
      - name: a rise above the average buys, a fall below it sells
        closes: '100x30 103 99'
        expect: [{ bar: 30, direction: buy, confidence: 60 }, { bar: 31, direction: sell }]
      - name: a flat line does not
        closes: '100x40'
        must_not_fire: true

    """
}
