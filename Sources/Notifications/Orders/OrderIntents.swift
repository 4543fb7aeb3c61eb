public import PluginKit
internal import SeriesMath
public import Storage
public import Trading

/// What is to be known beside a signal so that its order intents can be made.
public struct OrderFacts: Sendable {
  /// The call whose position the signal ends by the strategy's plan; nil where it ends none.
  public var ends: Direction?
  /// Whether positions end otherwise than by a signal: by a stop, a target, after a time.
  public var hasOwnExits: Bool
  /// The position that each channel's receiver holds by the intents that were handed off; none where it holds none.
  public var held: [String: OrderRecord]

  public init(ends: Direction? = nil, hasOwnExits: Bool = false, held: [String: OrderRecord] = [:]) {
    self.ends = ends
    self.hasOwnExits = hasOwnExits
    self.held = held
  }

  /// What is held by a history of intents, the latest first; those of the other kind, dry or not, are of no account.
  public static func held(by history: [StoredOrder], isDry: Bool) -> OrderRecord? {
    let latest = history.first { $0.record.isDry == isDry && $0.counts }
    return latest?.record.action == .open ? latest?.record : nil
  }
}

/// The order intents of a signal, and why there are none where there are none.
public struct OrderDecision: Hashable, Sendable {
  /// To be saved with the signal; those that are not handed off too, with the reason.
  public var notices: [Notice] = []
  /// What somebody should know of.
  public var warnings: [String] = []
}

/// Makes order intents of signals. Rules of messages, such as silences, filters and caps, say nothing of them.
public struct OrderIntents: Sendable {
  /// By the channels' names.
  public let terms: [String: OrderTerms]

  public init(_ terms: [String: OrderTerms]) { self.terms = terms }

  /// The channels that are named for a strategy: by a route that names the strategy, or by the strategy itself.
  func channels(for record: SignalRecord, _ context: NoticeContext, _ rules: NoticeRules) -> [String] {
    let routed = rules.routes.filter { route in
      route.selection.strategies.contains(record.strategy)
        && route.selection.holds(record, category: context.profile?.category, context.strategy.priority)
    }.flatMap(\.channels)
    return terms.keys.filter { context.strategy.channels.contains($0) || routed.contains($0) }.sorted()
  }

  func of(_ record: SignalRecord, _ context: NoticeContext, _ rules: NoticeRules) -> OrderDecision {
    var decision = OrderDecision()
    // A price alert is no call to trade.
    guard record.signal.base == nil else { return decision }
    for channel in channels(for: record, context, rules) {
      guard let terms = terms[channel], terms.isEnabled else { continue }
      var held = context.orders.held[channel]
      if let opening = context.orders.ends, let entry = held, entry.isLong == (opening == .buy) {
        let close = IntentDraft(
          record, context, terms, channel, action: .close, isLong: entry.isLong, .success(entry.quantity))
        decision.add(close.notice(closes: entry.id, repeats: nil), close)
        held = nil
      }
      guard let order = context.order else { continue }
      // A position that is held and ends by signals alone is not entered a second time.
      if let held, held.isLong == order.isLong, !context.orders.hasOwnExits { continue }
      let open = IntentDraft(
        record, context, terms, channel, action: .open, isLong: order.isLong,
        IntentSize(order, terms, price: record.signal.price).quantity)
      let repeated = held?.isLong == order.isLong ? held?.id : nil
      decision.add(open.notice(closes: nil, repeats: repeated), open)
    }
    return decision
  }
}

extension OrderDecision {
  fileprivate mutating func add(_ notice: Notice, _ draft: IntentDraft) {
    notices.append(notice)
    if let reason = notice.heldBack, !draft.isShown { warnings.append("\(notice.title): \(reason)") }
  }
}

/// One intent, before it is written.
struct IntentDraft {
  let record: SignalRecord
  let context: NoticeContext
  let terms: OrderTerms
  let channel: String
  let action: OrderRecord.Action
  let isLong: Bool
  let quantity: Result<Double, IntentSize.Refusal>
  let expiry: Instant

  init(
    _ record: SignalRecord, _ context: NoticeContext, _ terms: OrderTerms, _ channel: String,
    action: OrderRecord.Action, isLong: Bool, _ quantity: Result<Double, IntentSize.Refusal>
  ) {
    self.record = record
    self.context = context
    self.terms = terms
    self.channel = channel
    self.action = action
    self.isLong = isLong
    self.quantity = quantity
    expiry = context.knownAt.advanced(by: terms.length ?? record.timeframe.milliseconds)
  }

  /// What makes the id, the same for each text of the strategy.
  private var key: String { "order/\(action.rawValue)/\(Notices.key(of: record))" }

  /// 130 bits of the key's SHA-256 in letters and digits that every broker admits: 28 signs.
  static func id(of key: String) -> String {
    var hash = SHA256()
    hash.update(Array(key.utf8))
    let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    var bits: UInt32 = 0
    var count = 0
    var signs: [UInt8] = []
    for byte in hash.value().prefix(17) {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 5, signs.count < 26 {
        signs.append(letters[Int(bits >> UInt32(count - 5)) & 31])
        count -= 5
      }
      bits &= (1 << UInt32(count)) - 1
    }
    return "fs" + String(decoding: signs, as: UTF8.self)
  }

  /// Whether it is kept back because the run is dry, and for no other reason.
  var isShown: Bool { terms.isDry && refusal == nil }

  /// Why it is not handed off at all; nil where it is, or would be.
  private var refusal: String? {
    if context.now >= expiry { return "expired at \(expiry), before it could be sent" }
    if case .failure(let refusal) = quantity { return "refused: \(refusal.reason)" }
    return nil
  }

  func notice(closes: String?, repeats: String?) -> Notice {
    let id = IntentDraft.id(of: key)
    let code = NoticeWriter.code(of: key)
    let isBuy = isLong == (action == .open)
    let amount = try? quantity.get()
    let document = IntentDocument(
      self, id: id, code: code, isBuy: isBuy, quantity: amount, closes: closes, repeats: repeats)
    let shown = amount.map { "\($0) " } ?? ""
    let side = "\(isLong ? "long" : "short"), \(isBuy ? "buy" : "sell")"
    let title = "order intent \(id): \(action.rawValue) \(side) \(shown)\(record.symbol)"
    var notice = Notice(
      key: key, code: code, channel: channel, priority: ChannelMessage.Priority.high.rawValue, title: title,
      body: document.text, line: title,
      fields: ["kind": "order_intent", "strategy": record.strategy, "symbol": record.symbol],
      strategy: record.strategy, symbol: record.symbol, direction: record.signal.direction, policy: .atMostOnce)
    notice.expiresAt = expiry
    notice.heldBack = refusal ?? (terms.isDry ? "dry run: nothing is sent" : nil)
    if refusal == nil, let amount {
      // Without these the channel sends nothing, whoever asks it to.
      notice.fields.merge(
        ["client_order_id": id, "intent": document.text, "expiry": "\(expiry)"]) { _, new in new }
      notice.order = OrderRecord(
        id: id, channel: channel, strategy: record.strategy, symbol: record.symbol, timeframe: record.timeframe,
        action: action, isLong: isLong, quantity: amount, isDry: terms.isDry)
    }
    return notice
  }
}
