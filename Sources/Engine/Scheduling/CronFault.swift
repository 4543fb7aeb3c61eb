/// Why a text is no cron expression, and where.
public struct CronFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public let hint: String?
  /// The part that is meant, in Unicode scalars of the text.
  public let part: Range<Int>

  init(_ description: String, part: Range<Int>, hint: String? = nil) {
    self.description = description
    self.part = part
    self.hint = hint
  }
}
