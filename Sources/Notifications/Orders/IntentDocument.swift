internal import PluginKit
internal import Storage
internal import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An order intent as the receiver reads it. Prices that the fill alone can tell are reckoned from the reference price,
/// and stand beside the terms that they come from.
struct IntentDocument: Encodable {
  /// Written as null where there is nothing, so that every key is always there.
  struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
    var value: Value?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }

  struct Entry: Encodable, Sendable {
    var type: String
    var price: OrNull<Double>
    var good_for: OrNull<String>
  }

  struct Stop: Encodable {
    var type: String
    var value: Double
    var price: OrNull<Double>
  }

  struct Target: Encodable {
    var type: String
    var value: Double
    var price: OrNull<Double>
    /// The share of the position that is closed there.
    var close: Double
  }

  let version = 1
  let id, client_order_id, action, side, position, symbol, strategy, timeframe: String
  let quantity: OrNull<Double>
  let entry: OrNull<Entry>
  let reference_price, stop, target: OrNull<Double>
  let stops: [Stop]
  let targets: [Target]
  let closes, repeats: OrNull<String>
  let signal_time, known_at, created_at, expiry, reason: String
  let confidence: OrNull<Double>

  init(
    _ draft: IntentDraft, id: String, code: String, isBuy: Bool, quantity: Double?, closes: String?, repeats: String?
  ) {
    let (record, context) = (draft.record, draft.context)
    let order = draft.action == .open ? context.order : nil
    let prices = IntentPrices(
      reference: order?.price ?? record.signal.price, isLong: draft.isLong, digits: context.profile?.precision)
    self.id = code
    client_order_id = id
    action = draft.action.rawValue
    side = isBuy ? "buy" : "sell"
    position = draft.isLong ? "long" : "short"
    symbol = record.symbol
    strategy = record.strategy
    timeframe = "\(record.timeframe)"
    self.quantity = OrNull(value: quantity)
    entry = OrNull(value: order.map { Entry($0) } ?? (draft.action == .close ? .market : nil))
    reference_price = OrNull(value: prices.shown(prices.reference))
    stops = order?.stops.map { prices.stop($0) } ?? []
    targets = order?.targets.map { prices.target($0) } ?? []
    // Of several stops the one that is reached first.
    stop = OrNull(
      value: draft.isLong ? stops.compactMap(\.price.value).max() : stops.compactMap(\.price.value).min())
    target = OrNull(value: targets.first?.price.value)
    self.closes = OrNull(value: closes)
    self.repeats = OrNull(value: repeats)
    signal_time = "\(record.signal.time)"
    known_at = "\(context.knownAt)"
    created_at = "\(context.now)"
    expiry = "\(draft.expiry)"
    reason = record.signal.reason
    confidence = OrNull(value: record.signal.confidence.isFinite ? record.signal.confidence : nil)
  }

  /// Its keys in order, so that one intent always has one text.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension IntentDocument.Entry {
  static let market = IntentDocument.Entry(type: "market", price: .init(), good_for: .init())

  init(_ order: PlannedOrder) {
    type =
      switch order.entry {
      case .nextOpen: "market"
      case .stop: "stop"
      case .limit: "limit"
      }
    price = .init(value: order.price)
    good_for = .init(
      value: order.expiry.map { expiry in
        switch expiry {
        case .bars(let bars): "\(bars)b"
        case .length(let length): "\(length)"
        case .session: "session"
        }
      })
  }
}

/// Prices of stops and targets, as far as they are known before the fill.
struct IntentPrices {
  let reference: Double
  let isLong: Bool
  /// Behind the point.
  let digits: Int?

  private var sign: Double { isLong ? 1 : -1 }

  /// Nil where it is none: not finite, or not above 0.
  func shown(_ price: Double) -> Double? {
    guard price.isFinite, price > 0 else { return nil }
    var scale = 1.0
    for _ in 0..<min(max(digits ?? 8, 0), 12) { scale *= 10 }
    guard price * scale < 9e15 else { return price }
    let rounded = (price * scale).rounded() / scale
    return rounded > 0 ? rounded : price
  }

  func stop(_ stop: PlannedOrder.Stop) -> IntentDocument.Stop {
    switch stop {
    case .price(let price): .init(type: "price", value: price, price: .init(value: shown(price)))
    case .fraction(let share): .init(type: "fraction", value: share, price: at(-share * reference))
    case .distance(let distance): .init(type: "distance", value: distance, price: at(-distance))
    case .trail(let share): .init(type: "trail", value: share, price: at(-share * reference))
    }
  }

  func target(_ target: PlannedOrder.Target) -> IntentDocument.Target {
    switch target.at {
    case .price(let price):
      .init(type: "price", value: price, price: .init(value: shown(price)), close: target.close)
    case .fraction(let share):
      .init(type: "fraction", value: share, price: at(share * reference), close: target.close)
    case .distance(let distance):
      .init(type: "distance", value: distance, price: at(distance), close: target.close)
    }
  }

  private func at(_ move: Double) -> IntentDocument.OrNull<Double> { .init(value: shown(reference + sign * move)) }
}
