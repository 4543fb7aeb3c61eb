public import Calendars
internal import Mustache
public import PluginKit
internal import SeriesMath
public import Storage
public import Trading

/// Puts notices into words.
public struct NoticeWriter: Sendable {
  public let templates: NoticeTemplates
  /// The place whose clocks stand beside UTC; nil where there is none, or it is UTC itself.
  public let zone: CivilZone?

  public init(templates: NoticeTemplates, zone: CivilZone? = nil) {
    self.templates = templates
    self.zone = zone?.name == "UTC" ? nil : zone
  }

  var words: NoticeWords { NoticeWords(locale: templates.locale) }

  func notice(
    of record: SignalRecord, _ context: NoticeContext, channel: String, isLate: Bool, heldBack: Int
  ) -> Notice {
    written(draft(of: record, context, channel: channel, isLate: isLate, heldBack: heldBack))
  }

  /// All but the words.
  func draft(
    of record: SignalRecord, _ context: NoticeContext, channel: String, isLate: Bool, heldBack: Int
  ) -> NoticeDraft {
    let key = Notices.key(of: record)
    let kind = record.signal.direction.sign == 0 ? "exit" : record.alert == nil ? "signal" : "alert"
    var fields = [
      "kind": kind, "strategy": record.strategy, "symbol": record.symbol, "timeframe": "\(record.timeframe)",
      "direction": record.signal.direction.rawValue, "price": "\(record.signal.price)",
      "confidence": "\(record.signal.confidence)", "time": "\(context.knownAt)",
    ]
    fields["category"] = context.profile?.category
    fields["rule"] = record.alert
    fields["base"] = record.signal.base.map { "\($0)" }
    let notice = Notice(
      key: key, code: NoticeWriter.code(of: key), channel: channel, priority: context.strategy.priority.rawValue,
      body: "", fields: fields, strategy: record.strategy, symbol: record.symbol,
      direction: record.signal.direction, answers: context.entry?.id)
    return NoticeDraft(
      notice: notice,
      matter: NoticeDraft.Matter(record: record, context: context, isLate: isLate, heldBackCount: heldBack))
  }

  /// Puts drafts into words, several at a time: of what a pass over thousands of symbols costs, that is the most.
  public func written(_ drafts: [NoticeDraft]) async -> [Notice] {
    await withTaskGroup(of: (Int, [Notice]).self) { group in
      let size = 256
      for start in stride(from: 0, to: drafts.count, by: size) {
        group.addTask { (start, drafts[start..<min(start + size, drafts.count)].map(written)) }
      }
      let parts = await group.reduce(into: []) { $0.append($1) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  func written(_ draft: NoticeDraft) -> Notice {
    guard let matter = draft.matter else { return draft.notice }
    let (record, context) = (matter.record, matter.context)
    var values = values(of: record, context.profile, knownAt: context.knownAt, title: context.strategy.title)
    values["id"] = draft.notice.code
    values["high"] = context.strategy.priority == .high
    values["late"] = matter.isLate
    values["held"] = matter.heldBackCount > 0 ? "\(matter.heldBackCount)" : nil
    values["confidence"] = words.confidence(record.signal.confidence, context.facts.success)
    let headlines = context.news.prefix(3).map { "• \(MarkedText.value($0.title)) · \(words.time($0.publishedAt)) UTC" }
    values["headlines"] = headlines.isEmpty ? nil : headlines.joined(separator: "\n")
    let precision = context.profile?.precision
    if let order = context.order {
      values["entry"] = words.entry(order, precision)
      values["stop"] = words.stops(order, precision)
      values["size"] = words.size(order, precision)
    }
    if let entry = context.entry?.record {
      values["entry_price"] = words.price(entry.signal.price, precision)
      values["entry_time"] = words.time(entry.knownAt)
      values["result"] = words.result(entry.signal, exit: record.signal)
    }
    if let base = record.signal.base {
      values["base"] = words.price(base, precision)
      values["change"] = words.change(record.signal.price, from: base)
      values["rise"] = record.signal.direction == .buy
    }
    var notice = draft.notice
    notice.title = "\(record.symbol): \(words.said(record))"
    let isExit = record.signal.direction.sign == 0
    notice.body = templates.text(isExit ? .exit : record.alert == nil ? .signal : .alert, values)
    notice.line = templates.text(.line, values)
    return notice
  }

  func correction(
    of record: SignalRecord, reason: String, profile: InstrumentProfile?, channel: String
  ) -> Notice {
    let key = "correction/" + Notices.key(of: record)
    let code = NoticeWriter.code(of: key)
    var values = values(
      of: record, profile, knownAt: record.knownAt, title: nil)
    values["id"] = code
    values["reason"] = MarkedText.value(reason)
    let body = templates.text(.correction, values)
    return Notice(
      key: key, code: code, channel: channel, priority: ChannelMessage.Priority.high.rawValue,
      title: MarkedText.title(of: body), body: body, line: MarkedText.title(of: body) + " · \(code)",
      fields: [
        "kind": "correction", "strategy": record.strategy, "symbol": record.symbol,
        "direction": record.signal.direction.rawValue, "reason": reason,
      ], strategy: record.strategy, symbol: record.symbol, direction: record.signal.direction)
  }

  /// Tells by one channel that another is refused.
  func alarm(about refused: String, _ reason: String, at moment: Instant, channel: String) -> Notice {
    let key = "alarm/\(refused)/\(moment)"
    let code = NoticeWriter.code(of: key)
    let body = templates.text(
      .alarm,
      [
        "bold": NoticeWriter.bold, "channel": MarkedText.value(refused), "reason": MarkedText.value(reason), "id": code,
      ])
    return Notice(
      key: key, code: code, channel: channel, priority: ChannelMessage.Priority.high.rawValue,
      title: MarkedText.title(of: body), body: body, line: MarkedText.title(of: body) + " · \(code)",
      fields: ["kind": "alarm", "channel": refused, "reason": reason])
  }

  /// Tells of the host itself.
  ///
  /// - Parameter subject: what it is about, in a line; the reason may have several.
  public func host(
    _ subject: String, _ reason: String, priority: ChannelMessage.Priority, at moment: Instant, channel: String
  ) -> Notice {
    let key = "host/\(subject)/\(moment)/\(NoticeWriter.code(of: reason))"
    let code = NoticeWriter.code(of: key)
    let body = templates.text(
      .host,
      [
        "bold": NoticeWriter.bold, "subject": MarkedText.value(subject), "reason": MarkedText.value(reason), "id": code,
      ])
    return Notice(
      key: key, code: code, channel: channel, priority: priority.rawValue, title: MarkedText.title(of: body),
      body: body, line: MarkedText.title(of: body) + " · \(code)",
      fields: ["kind": "host", "subject": subject, "reason": reason])
  }

  /// What a channel is to send for claimed notices: the one, or a digest of several.
  public func message(of claimed: ClaimedMessage, in form: TextForm, at moment: Instant) -> ChannelMessage? {
    guard let first = claimed.entries.first else { return nil }
    var (title, body) = (first.notice.title, first.notice.body)
    var fields = first.notice.fields
    if claimed.entries.count > 1 {
      let lines = claimed.entries.map { $0.notice.line.isEmpty ? $0.notice.title : $0.notice.line }
      let isGroup = first.notice.batch?.hasPrefix("group:") == true
      let symbols = claimed.entries.reduce(into: [String]()) { symbols, entry in
        if let symbol = entry.notice.symbol, !symbols.contains(symbol) { symbols.append(symbol) }
      }
      var values = clocks(moment)
      values["count"] = "\(lines.count)"
      values["lines"] = lines
      if isGroup { values["symbols"] = MarkedText.value(symbols.joined(separator: ", ")) }
      body = templates.text(isGroup ? .group : .digest, values)
      title = MarkedText.title(of: body)
      fields = [
        "kind": isGroup ? "group" : "digest", "symbols": symbols.joined(separator: " "),
        "ids": claimed.entries.map(\.notice.code).joined(separator: " "),
      ]
    }
    let priorities = claimed.entries.compactMap { ChannelMessage.Priority(rawValue: $0.notice.priority) }
    let highest = ChannelMessage.Priority.allCases.first { priorities.contains($0) }
    let isOne = claimed.entries.count == 1
    return ChannelMessage(
      id: first.notice.code, title: title, text: MarkedText.written(body, in: form), priority: highest ?? .medium,
      replyTo: claimed.replyTo, recipient: isOne ? first.notice.recipient : nil,
      actions: isOne ? actions(on: first) : [], fields: fields, picture: isOne ? first.notice.picture : nil)
  }

  /// Six letters and digits of a key's checksum that are not taken for each other: the same at every repeat.
  public static func code(of key: String) -> String {
    var hash = SHA256()
    hash.update(Array(key.utf8))
    let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)
    var number = hash.value().prefix(7).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var code: [UInt8] = []
    for _ in 0..<6 {
      code.append(letters[Int(number % UInt64(letters.count))])
      number /= UInt64(letters.count)
    }
    return String(decoding: code, as: UTF8.self)
  }

  private func values(
    of record: SignalRecord, _ profile: InstrumentProfile?, knownAt: Instant, title: String?
  ) -> [String: Any] {
    let signal = record.signal
    var values = clocks(knownAt)
    values["symbol"] = MarkedText.value(record.symbol)
    values["name"] = (profile?.names[templates.locale] ?? profile?.names["en"]).map(MarkedText.value)
    values["category"] = profile?.category.map(MarkedText.value)
    values["currency"] = profile?.currency.map(MarkedText.value)
    values["strategy"] = MarkedText.value(record.strategy)
    values["title"] = MarkedText.value(title ?? record.strategy)
    values["timeframe"] = "\(record.timeframe)"
    values["price"] = words.price(signal.price, profile?.precision)
    values["direction"] = words.said(record)
    values["confidence"] = words.confidence(signal.confidence, nil)
    values["reason"] = MarkedText.value(signal.reason)
    values["bar_time"] = words.time(signal.time)
    return values
  }

  func clocks(_ moment: Instant) -> [String: Any] {
    var values: [String: Any] = ["bold": NoticeWriter.bold, "time": words.time(moment)]
    if let zone {
      values["local_time"] = words.time(moment, in: zone)
      values["zone"] = zone.name
    }
    return values
  }

  static var bold: MustacheLambda {
    MustacheLambda { "\(MarkedText.bold.start)\($0)\(MarkedText.bold.end)" }
  }
}
