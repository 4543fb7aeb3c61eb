/// What a channel shares with others, such as the bot that they all write by, and how much may go through it in all.
public struct SharedRate: Hashable, Sendable {
  /// The same for all who share it; shows no secret.
  public var name: String
  /// `30/s`, `20/m`: the most messages in a length of time, of all channels together.
  public var rates: [String]
  /// Whether all who share it wait where one of them is told to.
  public var waitsTogether: Bool

  public init(_ name: String, rates: [String], waitsTogether: Bool = false) {
    self.name = name
    self.rates = rates
    self.waitsTogether = waitsTogether
  }
}
