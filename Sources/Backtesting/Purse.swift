/// The money of one account. One broker trades with it, or several that hold different symbols.
///
/// What a short sale brings in, and as much of the account's own money, is set aside to buy the shares back with, so that
/// no other position can spend it.
struct Purse: Hashable, Sendable {
  /// Money there is, what is set aside included; never below nothing.
  var cash: Double
  /// What is set aside for shorts.
  var reserved = 0.0
  /// What is held at its last marks, short below nothing.
  var held = 0.0

  init(_ start: Double) { cash = start }

  /// Money that an entry can spend.
  var free: Double { max(0, cash - reserved) }
  /// The whole account at the last marks.
  var equity: Double { cash + held }
}
