internal import Backtesting
internal import Insights
public import Pipelines
internal import Trading

extension DailyReport {
  /// The report for programs: fractions, ISO times, null where something is not known.
  public var document: JSONValue {
    [
      "kind": .string(kind.rawValue), "at": .time(at), "from": .time(from),
      "follows_report": .bool(followsReport), "had_session": hadSession.map { .bool($0) } ?? .null,
      "horizon": .string("\(horizon)"), "least_samples": .whole(leastSamples),
      "fired": .array(fired.map(\.document)), "alerts": .array(alerts.map(\.document)),
      "closed": .array(closed.map(\.document)), "total": total?.document ?? .null,
      "backtest": replayed?.document ?? .null, "markets": .array(markets.map { $0.document(names) }),
      "readings": .array(readings.map(\.document)), "insights": .array(insights.map(\.document)),
      "news": news?.document ?? .null,
      "data": .array(freshness.map(\.document)), "drifts": .array(drifts.map(\.document)),
      "next": .time(next), "missing": .array(missing.map(\.document)),
    ]
  }
}

extension JSONValue {
  fileprivate static func whole(_ value: Int) -> JSONValue { .number(Double(value)) }
  fileprivate static func maybe(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  fileprivate static func time(_ value: Instant?) -> JSONValue { value.map { .string("\($0)") } ?? .null }
}

extension HorizonOutcome {
  fileprivate var document: JSONValue {
    [
      "count": .whole(count), "success_rate": .maybe(successRate),
      "interval": interval.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null,
      "base_rate": .maybe(baseRate), "excess": .maybe(excess), "mean_return": .maybe(meanReturn),
      "sharpe": .maybe(sharpe),
    ]
  }
}

extension DailyReport.Rating {
  fileprivate var document: JSONValue {
    ["strategy": .string(strategy), "outcome": outcome.document, "p_value": .maybe(pValue)]
  }
}

extension DailyReport.Total {
  fileprivate var document: JSONValue {
    [
      "outcome": outcome.document, "open": .whole(open), "tested": .whole(tested), "significant": .whole(significant),
      "calibration": .array(
        (calibration?.bins ?? []).map { bin in
          [
            "lower": .number(bin.lower), "upper": .number(bin.upper), "count": .whole(bin.count),
            "success_rate": .number(bin.rate),
          ]
        }),
    ]
  }
}

extension DailyReport.Market {
  fileprivate func document(_ names: [String: String]) -> JSONValue {
    [
      "symbol": .string(symbol), "name": names[symbol].map { .string($0) } ?? .null, "bars": .whole(bars),
      "from": .time(from), "best": best?.document ?? .null, "rated": .whole(rated), "all": all.document,
    ]
  }
}

extension DailyReport.Drift {
  fileprivate var document: JSONValue {
    [
      "strategy": .string(strategy), "since": .time(since), "success_rate": .number(rate), "count": .whole(count),
      "history": .number(history),
    ]
  }
}

extension DailyReport.Fired {
  fileprivate var document: JSONValue {
    [
      "id": .whole(Int(clamping: id)), "symbol": .string(symbol), "strategy": .string(strategy),
      "timeframe": .string("\(timeframe)"), "time": .time(signal.time),
      "known_at": .time(knownAt),
      "direction": .string(signal.direction.rawValue), "price": .number(signal.price),
      "confidence": .number(signal.confidence), "reason": .string(signal.reason),
      "record": record?.document ?? .null, "stored": stored?.document ?? .null,
    ]
  }
}

extension DailyReport.Alert {
  fileprivate var document: JSONValue {
    [
      "id": .whole(Int(clamping: id)), "symbol": .string(symbol), "strategy": .string(strategy),
      "rule": .string(rule), "price": .number(price), "base": .number(base), "change": .maybe(change),
      "known_at": .time(knownAt),
    ]
  }
}

extension DailyReport.Closed {
  fileprivate var document: JSONValue {
    [
      "id": .whole(Int(clamping: id)), "symbol": .string(symbol), "strategy": .string(strategy),
      "direction": .string(direction.rawValue), "time": .time(time), "end": .time(end), "price": .number(price),
      "end_price": .number(endPrice), "return": .number(result),
    ]
  }
}

extension DailyReport.Freshness {
  fileprivate var document: JSONValue {
    [
      "symbol": .string(symbol), "timeframe": .string("\(timeframe)"), "state": .string(state.rawValue),
      "last": .time(last), "close": .maybe(close), "change": .maybe(change), "expected": .time(expected),
      "fault": fault.map { .string($0) } ?? .null,
    ]
  }
}

extension DailyReport.Reading {
  fileprivate var document: JSONValue {
    [
      "symbol": .string(symbol), "last": .time(last), "close": .maybe(close), "change": .maybe(change),
      "from_high": .maybe(fromHigh), "regime": regime.map { .string($0.regime.name) } ?? .null,
      "regime_bars": regime.map { .whole($0.bars) } ?? .null, "from_ma200": .maybe(regime?.distance),
      "sentiment": sentiment.map { .number($0.score) } ?? .null,
      "mood": sentiment.map { .string($0.mood.rawValue) } ?? .null,
    ]
  }
}

extension DailyReport.News {
  fileprivate var document: JSONValue {
    [
      "count": .whole(count),
      "symbols": .array(symbols.map { ["symbol": .string($0.symbol), "count": .whole($0.count)] }),
      "items": .array(
        items.map { item in
          [
            "title": .string(item.title), "feed": .string(item.feed), "url": item.url.map { .string($0) } ?? .null,
            "published_at": .time(item.publishedAt), "symbols": .array(item.symbols.map { .string($0) }),
          ]
        }),
    ]
  }
}

extension InsightsDigest {
  /// What the report tells of them; `finstage insights --format json` has everything.
  fileprivate var document: JSONValue {
    [
      "symbol": .string(symbol), "timeframe": .string(timeframe), "to": .time(last), "horizon": .string(horizon),
      "tested": .whole(patterns.tested),
      "patterns": .array(
        patterns.findings.map { one in
          [
            "signals": .array(one.signals.map { .string($0) }), "support": .whole(one.support),
            "expected": .number(one.expected), "adjusted_p": .number(one.different.adjusted),
            "count": .whole(one.outcome.count), "success_rate": .maybe(one.outcome.successRate),
            "base_rate": .maybe(one.outcome.baseRate), "is_fresh": .bool(one.isFresh),
          ]
        }),
      "clusters": .array(
        (clusters?.clusters ?? []).map { one in
          [
            "name": .string(one.name), "size": .whole(one.size), "count": .whole(one.outcome.count),
            "success_rate": .maybe(one.outcome.successRate), "later_count": .whole(one.later.count),
            "later_success_rate": .maybe(one.later.successRate),
          ]
        }),
      "forecasts": .array(
        forecasts.map { one in
          [
            "model": .string(one.model), "probability": .maybe(one.probability), "base": .maybe(one.base),
            "verdict": .string(one.verdict),
          ]
        }),
    ]
  }
}

extension DailyReport.Missing {
  fileprivate var document: JSONValue {
    func what(_ what: String, _ symbol: String? = nil, _ more: [(String, JSONValue)] = []) -> JSONValue {
      .object([("what", .string(what)), ("symbol", symbol.map { .string($0) } ?? .null)] + more)
    }
    return switch self {
    case .noSignals: what("signals")
    case .tooFew(let symbol, let count, let least):
      what("best", symbol, [("count", .whole(count)), ("least", .whole(least))])
    case .noPrices(let symbol, let reason): what("prices", symbol, [("reason", .string(reason))])
    case .tooLong(let count): what("horizon", nil, [("count", .whole(count))])
    case .withoutBar(let count): what("bar", nil, [("count", .whole(count))])
    case .noReplay: what("backtest")
    case .notReplayed(let strategy, let reason):
      what("backtest", nil, [("strategy", .string(strategy)), ("reason", .string(reason))])
    case .noInsights: what("insights")
    case .olderInsights(let symbol, let last): what("insights", symbol, [("to", .time(last))])
    case .noFeeds: what("news")
    case .noSchedule: what("next")
    }
  }
}
