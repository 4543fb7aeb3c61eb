/// What answers were made of, told by numbers: while they are the same, so are the answers.
public struct AnswerMark: Sendable, Hashable {
  /// Counts the configurations that were answered by.
  public let configuration: Int
  /// Another number after each change of the store.
  public let store: Int64

  public init(configuration: Int, store: Int64) {
    self.configuration = configuration
    self.store = store
  }
}
