/// What can go wrong in making a report.
public enum ReportingError: Error, Sendable, CustomStringConvertible {
  /// A template that was built into the program cannot be read.
  case template(name: String, detail: String)
  /// A picture cannot be painted.
  case picture(detail: String)

  public var description: String {
    switch self {
    case .template(let name, let detail):
      "The report's template \(name) cannot be read: \(detail). This is a fault of the program, not of your data."
    case .picture(let detail): "The picture cannot be painted: \(detail)."
    }
  }
}
