import News
import Pipelines
import Storage

/// News and feeds as text.
enum NewsListing {
  static func table(_ found: [StoredNews]) -> String {
    guard !found.isEmpty else { return "there is no such news in the store" }
    let rows = found.map { news in
      [
        "\(news.id)", "\(news.item.publishedAt)\(mark(news.item.dating))", news.item.feed,
        news.item.symbols.sorted().joined(separator: " "), String(news.item.title.prefix(120)),
      ]
    }
    return CandleListing.table([["id", "published", "feed", "symbols", "title"]] + rows, leading: 5)
  }

  /// What a date is worth.
  private static func mark(_ dating: NewsItem.Dating) -> String {
    switch dating {
    case .given: ""
    case .zoneAssumed: " zone assumed"
    case .clamped: " was in the future"
    case .missing: " when fetched"
    }
  }

  /// - Parameter lexicon: The words by which each item is judged.
  static func json(_ found: [(StoredNews, [NewsSource])], judgedBy lexicon: Lexicon) -> String {
    let items = found.map { news, sources in
      let item = news.item
      let tone = lexicon.tone(ofTitle: item.title, summary: item.summary)
      return JSONValue.object([
        ("id", .number(Double(news.id))), ("title", .string(item.title)), ("summary", text(item.summary)),
        ("url", text(item.url)), ("published_at", .string("\(item.publishedAt)")),
        ("dating", .string(item.dating.rawValue)), ("fetched_at", .string("\(item.fetchedAt)")),
        ("symbols", .array(item.symbols.sorted().map { .string($0) })), ("language", text(item.language)),
        ("sentiment", tone.map(NewsListing.json) ?? .null), ("story", text(item.story.map { "\($0)" })),
        (
          "sources",
          .array(
            sources.map { source in
              .object([
                ("feed", .string(source.feed)), ("identifier", .string(source.identifier)),
                ("url", text(source.url)), ("fetched_at", .string("\(source.fetchedAt)")),
              ])
            })
        ),
      ])
    }
    return JSONValue.object([("news", .array(items))]).text
  }

  /// Score and label, with the words that made them.
  static func json(_ tone: Tone) -> JSONValue {
    let words = tone.words.map { word in
      JSONValue.object([
        ("text", .string(word.text)), ("weight", .number(word.weight)), ("intensity", .number(word.intensity)),
        ("negated", .bool(word.isNegated)), ("contribution", .number(word.contribution)),
      ])
    }
    return .object([
      ("score", .number(tone.score)), ("label", .string(tone.label.rawValue)), ("words", .array(words)),
    ])
  }

  static func table(_ passes: [FeedPass]) -> String {
    guard !passes.isEmpty else { return "there are no feeds" }
    let rows = passes.map { pass in
      let (state, new, merged, known): (String, String, String, String) =
        switch pass.outcome {
        case .unchanged: ("unchanged", "0", "0", "")
        case .read(let new, let merged, let known): ("read", "\(new)", "\(merged)", "\(known)")
        case .failed: ("failed", "", "", "")
        case .leftAlone(let until): ("left alone until \(until)", "", "", "")
        }
      return [pass.title, state, new, merged, known, pass.answeredAt.map { "\($0)" } ?? "never"]
    }
    return CandleListing.table([["feed", "state", "new", "merged", "known", "answered"]] + rows, leading: 2)
  }

  static func json(_ passes: [FeedPass]) -> String {
    let items = passes.map { pass in
      var (new, merged, known): (JSONValue, JSONValue, JSONValue) = (.null, .null, .null)
      if case .read(let a, let b, let c) = pass.outcome {
        (new, merged, known) = (.number(Double(a)), .number(Double(b)), .number(Double(c)))
      }
      let state =
        switch pass.outcome {
        case .unchanged: "unchanged"
        case .read: "read"
        case .failed: "failed"
        case .leftAlone: "left_alone"
        }
      return JSONValue.object([
        ("feed", .string(pass.feed)), ("symbols", .array(pass.symbols.map { .string($0) })), ("state", .string(state)),
        ("new", new), ("merged", merged), ("known", known), ("answered_at", text(pass.answeredAt.map { "\($0)" })),
        ("error", text(pass.failure)), ("remarks", .array(pass.remarks.map { .string($0) })),
      ])
    }
    return JSONValue.object([("feeds", .array(items))]).text
  }

  static func table(_ states: [FeedState]) -> String {
    guard !states.isEmpty else { return "no feed has been asked yet; `finstage news fetch` does" }
    let rows = states.map { state in
      [
        state.feed, state.symbols, state.failures == 0 ? "up to date" : "stale", "\(state.askedAt)",
        state.answeredAt.map { "\($0)" } ?? "never", state.failures == 0 ? "" : "\(state.failures)",
        state.failure ?? "",
      ]
    }
    return CandleListing.table(
      [["feed", "symbols", "state", "asked", "answered", "failures", "why"]] + rows, leading: 7)
  }

  static func json(_ states: [FeedState]) -> String {
    let items = states.map { state in
      JSONValue.object([
        ("feed", .string(state.feed)), ("symbols", .string(state.symbols)), ("stale", .bool(state.failures > 0)),
        ("asked_at", .string("\(state.askedAt)")), ("answered_at", text(state.answeredAt.map { "\($0)" })),
        ("failures", .number(Double(state.failures))), ("error", text(state.failure)),
        ("not_before", text(state.notBefore.map { "\($0)" })),
      ])
    }
    return JSONValue.object([("feeds", .array(items))]).text
  }

  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension FeedState {
  /// Those that the address is asked for.
  fileprivate var symbols: String { address.split(separator: " ").filter { !$0.hasPrefix("#") }.joined(separator: " ") }
}
