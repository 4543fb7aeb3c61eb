import Backtesting
public import Pipelines
import Trading

extension SymbolInsights {
  /// As `finstage insights --format json` prints it; what is not known is null.
  public var json: JSONValue {
    [
      "symbol": .string(symbol), "timeframe": .string("\(timeframe)"), "bars": .whole(bars), "from": .time(from),
      "to": .time(to), "strategies": .whole(strategies), "horizon": .string("\(settings.horizon)b"),
      "seed": .whole(Int(clamping: settings.seed)), "regime": regime?.json ?? .null,
      "sentiment": sentiment?.json ?? .null, "forecasts": .array(forecasts.models.map(\.json)),
      "analogues": analogues?.json ?? .null, "patterns": patterns.json, "clusters": clusters?.json ?? .null,
      "missing": .array(missing.map { .string($0) }),
    ]
  }
}

extension JSONValue {
  static func whole(_ value: Int) -> JSONValue { .number(Double(value)) }
  static func maybe(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  static func time(_ value: Instant?) -> JSONValue { value.map { .string("\($0)") } ?? .null }
  static func interval(_ value: ClosedRange<Double>?) -> JSONValue {
    value.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null
  }
}

extension HorizonOutcome {
  fileprivate var values: JSONValue {
    [
      "count": .whole(count), "success_rate": .maybe(successRate), "interval": .interval(interval),
      "base_rate": .maybe(baseRate), "excess": .maybe(excess), "mean_return": .maybe(meanReturn),
      "grade": grade.map { .string($0.rawValue) } ?? .null,
    ]
  }
}

extension Spread {
  fileprivate var values: JSONValue {
    var entries: [(String, JSONValue)] = [("count", .whole(count)), ("rose", .maybe(rose)), ("mean", .maybe(mean))]
    for (place, name) in ["q05", "q25", "q50", "q75", "q95"].enumerated() {
      entries.append((name, quantiles.indices.contains(place) ? .number(quantiles[place]) : .null))
    }
    return .object(entries)
  }
}

extension RegimeReading {
  fileprivate var json: JSONValue {
    [
      "regime": .string(regime.name), "bars": .whole(bars), "median_bars": .maybe(medianBars), "share": .maybe(share),
      "distance": .maybe(distance), "volatility": .maybe(volatility), "volatility_rank": .maybe(volatilityRank),
      "outcome": outcome.values,
    ]
  }
}

extension SentimentScore {
  fileprivate var json: JSONValue {
    [
      "score": .number(score), "mood": .string(mood.rawValue),
      "parts": .object(parts.map { ($0.name, .number($0.score)) }),
    ]
  }
}

extension DirectionForecasts.Model {
  fileprivate var json: JSONValue {
    [
      "model": .string(name), "probability": .maybe(chance), "base": .maybe(base),
      "verdict": .string(verdict.verdict.rawValue), "settled": .whole(verdict.count), "brier": .maybe(verdict.brier),
      "base_brier": .maybe(verdict.baseBrier), "skill": .maybe(verdict.skill), "score": .maybe(verdict.score),
      "p_value": .maybe(verdict.p), "calibration_error": .maybe(verdict.calibrationError),
      "reliability": .array(
        verdict.bins.map { bin in
          [
            "from": .number(bin.range.lowerBound), "to": .number(bin.range.upperBound), "count": .whole(bin.count),
            "said": .number(bin.said), "rose": .number(bin.rose), "interval": .interval(bin.interval),
          ]
        }),
    ]
  }
}

extension Analogues {
  fileprivate var json: JSONValue {
    [
      "bars": .whole(settings.bars), "horizon": .string("\(settings.horizon)b"), "followed": followed.values,
      "base": base.values,
      "nearest": .array(
        nearest.map {
          [
            "time": .time($0.time), "bar": .whole($0.end), "distance": .number($0.distance),
            "followed": .number($0.followed),
          ]
        }),
    ]
  }
}

extension Patterns {
  fileprivate var json: JSONValue {
    [
      "signals": .whole(calls), "tested": .whole(tested), "frequent": .whole(frequent),
      "shifts": .whole(settings.shifts),
      "gap": .string(settings.gap.text),
      "findings": .array(findings.map(\.json)), "calendar": .array(calendar.rows.map(\.json)),
    ]
  }
}

extension PatternGap {
  /// `5b`, or `24h`.
  public var text: String {
    switch self {
    case .bars(let count): "\(count)b"
    case .milliseconds(let length):
      length % 3_600_000 == 0 ? "\(length / 3_600_000)h" : "\(length / 60_000)m"
    }
  }
}

extension Patterns.Finding {
  fileprivate var json: JSONValue {
    [
      "signals": .array(signals.map { .string($0.name) }), "natures": .array(natures.map { .string($0.rawValue) }),
      "support": .whole(support), "expected": .number(expected), "lift": .number(lift),
      "together": ["p_value": .number(together), "adjusted": .number(togetherAdjusted)],
      "different": ["p_value": .number(different), "adjusted": .number(differentAdjusted)], "outcome": outcome.values,
      "spread": spread.values, "last": .time(last), "is_fresh": .bool(isFresh),
      "similar": similar.map {
        [
          "signals": .array($0.signals.map { .string($0.name) }), "jaccard": .number($0.jaccard),
          "shape": .maybe($0.shape),
        ]
      } ?? .null,
    ]
  }
}

extension SignalCalendar.Row {
  fileprivate var json: JSONValue {
    ["part": .string(part.rawValue), "value": .whole(value), "signals": .whole(calls), "outcome": outcome.values]
  }
}

extension SituationClusters {
  fileprivate var json: JSONValue {
    [
      "silhouette": .number(silhouette), "later_silhouette": .maybe(laterSilhouette), "fitted": .whole(fitted),
      "later": .whole(later), "fitted_until": .time(fittedUntil), "skill": .maybe(skill),
      "current": current.map { .whole($0) } ?? .null,
      "clusters": .array(
        clusters.map {
          [
            "name": .string($0.name), "size": .whole($0.size), "outcome": $0.outcome.values, "later": $0.later.values,
          ]
        }),
    ]
  }
}
