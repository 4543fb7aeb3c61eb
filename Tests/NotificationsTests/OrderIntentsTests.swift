import Foundation
import PluginKit
import Storage
import Testing
import Trading

@testable import Notifications

/// Which order intents are made of a signal. Quantities and prices are worked out by hand beside each case.
@Suite struct OrderIntentsTests {
  private static let terms: PluginSettings = [
    "enabled": "true", "dry_run": "false", "equity": "10000", "step": "0.01", "valid_for": "30m",
  ]

  private func notices(_ more: PluginSettings = [:], routes: [Route]? = nil) throws -> Notices {
    var settings = Self.terms
    settings.values.merge(more.values) { _, new in new }
    var rules = NoticeRules()
    rules.routes =
      routes ?? [
        Route(SignalSelection(strategies: ["golden-cross"]), channels: ["desk"]), Route(channels: ["chat", "desk"]),
      ]
    return Notices(
      rules, channels: ["chat", "desk"], writer: writer(), orders: ["desk": try OrderTerms(settings)])
  }

  /// At 101.5, a minute behind the close of the bar.
  private func context(
    _ size: PlannedOrder.Size = .money(1_000), entry: PlannedOrder.Entry = .nextOpen,
    stops: [PlannedOrder.Stop] = [.fraction(0.1)], targets: [PlannedOrder.Target] = [], isLong: Bool = true
  ) -> NoticeContext {
    var context = NoticeContext(
      now: noon.advanced(by: 60_000), knownAt: noon,
      strategy: StrategyNotices(title: "Golden cross", priority: .medium),
      profile: profile())
    context.order = PlannedOrder(isLong: isLong, entry: entry, stops: stops, targets: targets, size: size)
    return context
  }

  private func orders(_ decision: NoticeDecision) -> [Notice] { decision.notices.filter { $0.channel == "desk" } }

  private func object(_ notice: Notice?) throws -> [String: Any] {
    let text = try #require(notice?.body)
    #expect(notice?.order == nil || notice?.fields["intent"] == text)
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `an intent says side, quantity, stop, target, id and expiry`() throws {
    var context = context(
      stops: [.fraction(0.1), .distance(5), .trail(0.2)],
      targets: [.init(at: .fraction(0.1), close: 0.5), .init(at: .distance(30), close: 0.5)])
    context.now = noon.advanced(by: 1_000)
    let decision = try notices().of(record(), context)
    let intent = try #require(orders(decision).first)
    #expect(orders(decision).count == 1 && decision.warnings.isEmpty)
    #expect(intent.policy == .atMostOnce && intent.heldBack == nil && intent.batch == nil)
    #expect(intent.expiresAt == noon.advanced(by: 1_800_000))
    let found = try object(intent)
    // 1000 / 101.5 is 9.852…, down to hundredths.
    #expect(found["quantity"] as? Double == 9.85 && found["side"] as? String == "buy")
    #expect(found["action"] as? String == "open" && found["position"] as? String == "long")
    // 101.5 × 0.9 = 91.35, 101.5 − 5 = 96.5, 101.5 × 0.8 = 81.2: the nearest counts. 101.5 × 1.1 = 111.65.
    #expect(found["stop"] as? Double == 96.5 && found["target"] as? Double == 111.65)
    let stops = try #require(found["stops"] as? [[String: Any]])
    #expect(stops.map { $0["type"] as? String } == ["fraction", "distance", "trail"])
    #expect(stops.map { $0["price"] as? Double } == [91.35, 96.5, 81.2])
    let targets = try #require(found["targets"] as? [[String: Any]])
    #expect(
      targets.map { $0["price"] as? Double } == [111.65, 131.5] && targets.map { $0["close"] as? Double } == [0.5, 0.5])
    #expect(
      found["expiry"] as? String == "2026-01-05T12:30:00Z" && found["known_at"] as? String == "2026-01-05T12:00:00Z")
    #expect(found["reference_price"] as? Double == 101.5 && found["closes"] is NSNull && found["repeats"] is NSNull)
    #expect((found["entry"] as? [String: Any])?["type"] as? String == "market")
    #expect(found["client_order_id"] as? String == intent.fields["client_order_id"])
    // What people get is another message.
    let told = decision.notices.filter { $0.channel == "chat" }
    #expect(told.count == 1 && told[0].fields["kind"] == "signal" && told[0].order == nil)
  }

  @Test func `the id is of the signal alone: no later moment, no other text and no other price changes it`() throws {
    func id(_ record: SignalRecord, _ context: NoticeContext) throws -> String {
      try #require(orders(try notices().of(record, context)).first?.fields["client_order_id"])
    }
    let first = try id(record(), context())
    // printf 'order/open/signal/golden-cross/^IXIC/1h/2026-01-05T11:00:00Z/buy' | sha256sum, in base 32, its first 26.
    #expect(first == "fss3tnfrmsnfogyozuyqfpvuldlq")
    #expect(first.utf8.count == 28 && first.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) })
    var later = context(.risk(0.01, distance: 7), stops: [])
    later.now = later.now.advanced(by: 60_000)
    var other = record(price: 99, confidence: 1, reason: "another")
    other.version = "2"
    #expect(try id(other, later) == first)
    let others = [
      record(strategy: "golden-cross", symbol: "X"), record(closed: noon.advanced(by: -3_600_000 / 60)),
    ]
    for one in others { #expect(try id(one, context()) != first) }
  }

  @Test(arguments: [
    // 10000 × 0.5 / 101.5 = 49.26…
    (PlannedOrder.Size.equity(0.5), PlannedOrder.Entry.nextOpen, 49.26),
    // 10000 × 1 % / 4 = 25.
    (.risk(0.01, distance: 4), .nextOpen, 25),
    // 10000 × 1 % / 0.1 = 1000 would be worth more than there is: 10000 / 101.5 = 98.52…
    (.risk(0.01, distance: 0.1), .nextOpen, 98.52),
    // 500 / 125 = 4, at the price of the order that waits.
    (.money(500), .limit(125), 4), (.money(500), .stop(125), 4),
  ])
  func `the quantity is that of the strategy's own sizing`(
    _ size: PlannedOrder.Size, _ entry: PlannedOrder.Entry, _ quantity: Double
  ) throws {
    let intent = orders(try notices().of(record(), context(size, entry: entry))).first
    #expect(try object(intent)["quantity"] as? Double == quantity && intent?.order?.quantity == quantity)
  }

  @Test(
    arguments: [
      (PlannedOrder.Size.equity(1), [:], "no size of its own"), (.volatility(0.1), [:], "by volatility"),
      (.kelly(0.5), [:], "record of its positions"), (.risk(0.01, distance: nil), [:], "distance of its stop"),
      (.money(0.5), [:], "less than one step of 0.01"), (.money(5_000), ["max_value": "4000"], "max_value 4000"),
    ] as [(PlannedOrder.Size, PluginSettings, String)])
  func `a signal whose quantity nobody can say is refused, and it is said`(
    _ size: PlannedOrder.Size, _ more: PluginSettings, _ words: String
  ) throws {
    let decision = try notices(more).of(record(), context(size))
    let intent = try #require(orders(decision).first)
    #expect(intent.heldBack?.hasPrefix("refused: ") == true && intent.heldBack?.contains(words) == true)
    // Nothing that could be closed later.
    #expect(intent.order == nil && decision.warnings.count == 1 && decision.warnings[0].contains(words))
    #expect(try object(intent)["quantity"] is NSNull && intent.fields["intent"] == nil)
  }

  @Test func `a share of an account that nobody names is refused`() throws {
    var rules = NoticeRules()
    rules.routes = [Route(SignalSelection(strategies: ["golden-cross"]), channels: ["desk"])]
    let notices = Notices(
      rules, channels: ["desk"], writer: writer(),
      orders: ["desk": try OrderTerms(["enabled": "true", "dry_run": "false"])])
    let intent = notices.of(record(), context(.equity(0.5))).notices.first
    #expect(intent?.heldBack?.contains("the channel names no equity") == true)
  }

  @Test func `intents are made for strategies that are named, and for no other`() throws {
    #expect(try orders(notices().of(record(strategy: "other"), context())).isEmpty)
    #expect(try orders(notices(routes: [Route(channels: ["desk", "chat"])]).of(record(), context())).isEmpty)
    // By the strategy itself too; its messages then go by the routes.
    var own = context()
    own.strategy.channels = ["desk"]
    let decision = try notices(routes: [Route(channels: ["chat"])]).of(record(), own)
    #expect(decision.notices.map(\.channel).sorted() == ["chat", "desk"])
    // A price alert calls for nothing, and what is off makes nothing.
    let alert = Signal(
      time: noon, bar: 1, direction: .buy, confidence: 50, price: 100, reason: "", base: 90)
    var alarmed = record()
    alarmed.signal = alert
    #expect(try orders(notices().of(alarmed, context())).isEmpty)
    #expect(try orders(notices(["enabled": "false"]).of(record(), context())).isEmpty)
  }

  @Test func `rules of messages keep no order back`() throws {
    var rules = NoticeRules()
    rules.routes = [Route(SignalSelection(strategies: ["golden-cross"]), channels: ["desk", "chat"])]
    rules.silences = [Silence(until: noon.advanced(by: 86_400_000), reason: "quiet")]
    rules.filters.confidence = 99
    let notices = Notices(
      rules, channels: ["desk", "chat"], writer: writer(), orders: ["desk": try OrderTerms(Self.terms)])
    let decision = notices.of(record(), context())
    #expect(decision.notices.map(\.channel) == ["desk"] && decision.notices.first?.heldBack == nil)
  }

  @Test func `a dry run writes what would go, and sends nothing`() throws {
    let decision = try notices(["dry_run": "true"]).of(record(), context())
    let intent = try #require(orders(decision).first)
    #expect(intent.heldBack == "dry run: nothing is sent" && decision.warnings.isEmpty)
    #expect(intent.order?.isDry == true && intent.body.contains("\"quantity\":9.85"))
  }

  @Test func `what is late is not handed off, and it is said`() throws {
    var late = context()
    late.now = noon.advanced(by: 1_800_000)
    let decision = try notices().of(record(), late)
    let intent = try #require(orders(decision).first)
    #expect(intent.heldBack == "expired at 2026-01-05T12:30:00Z, before it could be sent" && intent.order == nil)
    #expect(decision.warnings.count == 1)
    // Without valid_for an intent holds for a bar.
    var settings = Self.terms
    settings.values["valid_for"] = nil
    var rules = NoticeRules()
    rules.routes = [Route(SignalSelection(strategies: ["golden-cross"]), channels: ["desk"])]
    let whole = Notices(rules, channels: ["desk"], writer: writer(), orders: ["desk": try OrderTerms(settings)])
    #expect(whole.of(record(), late).notices.first?.expiresAt == noon.advanced(by: 3_600_000))
  }

  private func held(_ id: String = "fsentry", isLong: Bool = true, quantity: Double = 7) -> OrderRecord {
    OrderRecord(
      id: id, channel: "desk", strategy: "golden-cross", symbol: "^IXIC", timeframe: Timeframe(1, .hour), action: .open,
      isLong: isLong, quantity: quantity, isDry: false)
  }

  @Test func `an exit closes what its entry opened, by its quantity, and nothing where nothing is held`() throws {
    var exit = context()
    exit.order = nil
    exit.orders = OrderFacts(ends: .buy, held: ["desk": held()])
    let found = try object(orders(try notices().of(record(.exitLong), exit)).first)
    #expect(found["action"] as? String == "close" && found["side"] as? String == "sell")
    #expect(found["quantity"] as? Double == 7 && found["closes"] as? String == "fsentry")
    #expect(found["position"] as? String == "long" && found["stop"] is NSNull)
    exit.orders.held = [:]
    #expect(try orders(notices().of(record(.exitLong), exit)).isEmpty)
    exit.orders.held = ["desk": held(isLong: false)]
    #expect(try orders(notices().of(record(.exitLong), exit)).isEmpty)
  }

  @Test func `a signal that turns round closes one side and opens the other, each with an id of its own`() throws {
    var turn = context(isLong: false)
    turn.orders = OrderFacts(ends: .buy, held: ["desk": held()])
    let intents = orders(try notices().of(record(.sell), turn))
    let found = try intents.map { try object($0) }
    #expect(found.map { $0["action"] as? String } == ["close", "open"])
    #expect(found.map { $0["side"] as? String } == ["sell", "sell"])
    #expect(found.map { $0["quantity"] as? Double } == [7, 9.85])
    // The stop of a short lies above: 101.5 × 1.1.
    #expect(found[1]["stop"] as? Double == 111.65 && found[1]["position"] as? String == "short")
    #expect(Set(intents.map { $0.fields["client_order_id"] }).count == 2)
  }

  @Test func `a further call enters nothing again, unless the position may have ended by itself`() throws {
    var again = context()
    again.orders = OrderFacts(hasOwnExits: false, held: ["desk": held()])
    #expect(try orders(notices().of(record(), again)).isEmpty)
    again.orders.hasOwnExits = true
    let found = try object(orders(try notices().of(record(), again)).first)
    #expect(found["action"] as? String == "open" && found["repeats"] as? String == "fsentry")
  }

  @Test func `what is held is what the receiver has, or may have`() {
    func stored(_ action: OrderRecord.Action, _ state: OutboxEntry.State?, isDry: Bool = false) -> StoredOrder {
      var record = held()
      (record.action, record.isDry) = (action, isDry)
      return StoredOrder(record: record, at: noon, state: state)
    }
    for state in [OutboxEntry.State.sent, .unknown, .sending, .pending, nil] {
      #expect(OrderFacts.held(by: [stored(.open, state)], isDry: false) != nil)
    }
    for state in [OutboxEntry.State.dropped, .dead] {
      #expect(OrderFacts.held(by: [stored(.open, state)], isDry: false) == nil)
      // A close that was not taken leaves it open.
      #expect(OrderFacts.held(by: [stored(.close, state), stored(.open, .sent)], isDry: false) != nil)
    }
    #expect(OrderFacts.held(by: [stored(.close, .sent), stored(.open, .sent)], isDry: false) == nil)
    #expect(OrderFacts.held(by: [stored(.open, .dropped, isDry: true)], isDry: false) == nil)
    #expect(OrderFacts.held(by: [stored(.open, .dropped, isDry: true)], isDry: true) != nil)
    #expect(OrderFacts.held(by: [], isDry: false) == nil)
  }

  @Test func `what was handed off is not answered by a message when its signal is taken back`() throws {
    var told: [OutboxEntry] = []
    for (place, notice) in try notices().of(record(), context()).notices.enumerated() {
      told.append(
        OutboxEntry(id: Int64(place), notice: notice, state: .sent, createdAt: noon, dueAt: noon))
    }
    #expect(told.count == 2)
    let correction = try notices().correction(of: 1, record(), told: told, reason: "corrected", profile: nil)
    #expect(correction.notices.map(\.channel) == ["chat"])
  }
}
