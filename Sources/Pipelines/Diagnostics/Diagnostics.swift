/// Collects the faults of one file, each put at its place in the source.
public final class Diagnostics {
  public let source: SourceText
  private var reported: [Diagnostic] = []
  /// Lines that would show a secret to whoever reads the faults in them.
  private var hidden: Set<Int> = []
  /// How many errors there were, those beyond the limit too.
  public private(set) var errors = 0
  public var hasErrors: Bool { errors > 0 }
  /// Whether no further fault would be told: looking for more is idle.
  var isFull: Bool { reported.count >= Diagnostics.limit }

  let references: References

  /// Whether faults have no place: the words of the first error are kept, and nothing of the others.
  private let isBrief: Bool
  /// The words of the first error.
  private(set) var firstError: String?

  public init(source: SourceText, references: References = .none, isBrief: Bool = false) {
    self.source = source
    self.isBrief = isBrief
    self.references = references
  }

  /// In the order of the file.
  public var all: [Diagnostic] {
    reported.enumerated().sorted { a, b in
      (a.element.line, a.element.column, a.offset) < (b.element.line, b.element.column, b.offset)
    }.map(\.element)
  }

  /// Reports a fault at a value (its first line) or at a part of a scalar, counted in Unicode scalars of its text.
  public func report(
    _ code: Diagnostic.Code, at value: YAMLValue, part: Range<Int>? = nil, _ message: @autoclosure () -> String,
    hint: @autoclosure () -> String? = nil
  ) {
    guard takes(code) else { return }
    if isBrief { return keep(code, message()) }
    let place = source.place(of: value, part: part)
    add(code, place.line, place.columns, message(), hint())
  }

  public func report(
    _ code: Diagnostic.Code, line: Int, columns: Range<Int>, _ message: @autoclosure () -> String,
    hint: @autoclosure () -> String? = nil
  ) {
    guard takes(code) else { return }
    if isBrief { keep(code, message()) } else { add(code, line, columns, message(), hint()) }
  }

  /// Counts a fault and says whether it is told. Words and hints are made only where it is, so that the work stays
  /// bounded however many faults a file has.
  private func takes(_ code: Diagnostic.Code) -> Bool {
    if code.severity == .error { errors += 1 }
    return reported.count < (code.severity == .error ? Diagnostics.limit : Diagnostics.limit / 2)
  }

  private func keep(_ code: Diagnostic.Code, _ message: @autoclosure () -> String) {
    if firstError == nil, code.severity == .error { firstError = message() }
  }

  private func add(_ code: Diagnostic.Code, _ line: Int, _ columns: Range<Int>, _ message: String, _ hint: String?) {
    if code == .literalSecret, hidden.insert(line).inserted {
      for place in reported.indices where reported[place].line == line { reported[place].sourceLine = nil }
    }
    let sourceLine = hidden.contains(line) ? nil : source.line(line).flatMap { $0.isEmpty ? nil : $0 }
    reported.append(
      Diagnostic(
        file: source.file, line: line, column: columns.lowerBound,
        endColumn: max(columns.upperBound, columns.lowerBound + 1), severity: code.severity, code: code,
        message: message, hint: hint, sourceLine: sourceLine))
  }

  /// A file with more faults than this is not the file that was meant. Warnings leave half of it to errors.
  private static let limit = 200
}
