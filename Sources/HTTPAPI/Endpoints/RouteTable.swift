/// All operations there are. What is not in it is refused.
public struct RouteTable: Sendable {
  public let endpoints: [Endpoint]
  /// By the number of segments, so that few patterns are compared.
  private let byLength: [Int: [Endpoint]]

  public init(_ endpoints: [Endpoint]) {
    self.endpoints = endpoints
    byLength = Dictionary(grouping: endpoints, by: \.path.parts.count)
  }

  enum Finding {
    case found(Endpoint, [String: String])
    /// The path is one, and these are its methods.
    case otherMethod([String])
    case none

    /// Whether what is asked for checks who sends it.
    var isSigned: Bool { if case .found(let endpoint, _) = self { endpoint.access == .signed } else { false } }
  }

  func find(_ method: String, _ segments: [String]) -> Finding {
    var others: [String] = []
    for endpoint in byLength[segments.count] ?? [] {
      guard let values = endpoint.path.match(segments) else { continue }
      // HEAD is GET without the body.
      if endpoint.method.rawValue == method || (endpoint.method == .get && method == "HEAD") {
        return .found(endpoint, values)
      }
      others += endpoint.method == .get ? ["GET", "HEAD"] : [endpoint.method.rawValue]
    }
    return others.isEmpty ? .none : .otherMethod(others)
  }
}
