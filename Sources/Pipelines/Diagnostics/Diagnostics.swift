/// Collects the faults of one file, each put at its place in the source.
public final class Diagnostics {
  public let source: SourceText
  public private(set) var all: [Diagnostic] = []

  let references: References

  public init(source: SourceText, references: References = .none) {
    self.source = source
    self.references = references
  }

  public var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// Reports a fault at a value (its first line) or at a part of a scalar, counted in Unicode scalars of its text.
  public func report(
    _ code: Diagnostic.Code, at value: YAMLValue, part: Range<Int>? = nil, _ message: String, hint: String? = nil
  ) {
    let place = source.place(of: value, part: part)
    report(code, line: place.line, columns: place.columns, message, hint: hint)
  }

  public func report(
    _ code: Diagnostic.Code, line: Int, columns: Range<Int>, _ message: String, hint: String? = nil
  ) {
    guard all.count < Diagnostics.limit else { return }
    all.append(
      Diagnostic(
        file: source.file, line: line, column: columns.lowerBound, endColumn: max(columns.upperBound, columns.lowerBound + 1),
        severity: code.severity, code: code, message: message, hint: hint, sourceLine: source.line(line)))
  }

  /// A file with more faults than this is not the file that was meant.
  private static let limit = 200
}
