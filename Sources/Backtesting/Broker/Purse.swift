/// The money of one account. One broker trades with it, or several that hold different symbols.
///
/// What a short sale brings in, and as much of the account's own money, is set aside to buy the shares back with, so that
/// no other position can spend it.
struct Purse: Hashable, Sendable {
  /// Money there is, what is set aside included; never below nothing.
  private(set) var cash: Double
  /// What is set aside for shorts.
  private(set) var reserved = 0.0
  /// What is held at its last marks, short below nothing.
  private(set) var held = 0.0

  init(_ start: Double) { cash = start }

  /// Money that an entry can spend.
  var free: Double { max(0, cash - reserved) }
  /// The whole account at the last marks.
  var equity: Double { cash + held }

  /// Pays for what is bought, or takes in what a sale brings (below nothing), and its fee. All of the money spent may
  /// leave a rounding error below nothing, which is nothing.
  mutating func pay(_ amount: Double) { cash = max(0, cash - amount) }

  /// Sets money aside, or sets it free (below nothing).
  mutating func reserve(_ amount: Double) { reserved = max(0, reserved + amount) }

  /// What was worth `before` is worth `now`.
  mutating func mark(_ before: Double, to now: Double) { held = held - before + now }
}
