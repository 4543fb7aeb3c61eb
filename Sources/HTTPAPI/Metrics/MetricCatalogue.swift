/// What a metric means. Names are without the prefix; counters end in `_total`, lengths of time in `_seconds`.
public struct MetricMeaning: Sendable, Equatable {
  public enum Kind: String, Sendable { case counter, gauge, histogram }

  public let name: String
  public let kind: Kind
  public let help: String
  public let labels: [String]

  public init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
  }
}
