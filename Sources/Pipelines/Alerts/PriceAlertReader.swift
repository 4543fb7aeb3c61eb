import PluginKit
import Trading

extension StrategyReader {
  /// Reads `kind: price_alert`.
  func priceAlert(_ root: YAMLValue, _ folder: String?, _ diagnostics: Diagnostics) -> PriceAlert? {
    guard var file = MappingReader(root, "a price alert", diagnostics) else { return nil }
    _ = file.take("kind")
    let head = head(&file)
    let length = file.require("timeframe", hint: "1m 5m 15m 1h 4h 1d")
    let timeframe = alertTimeframe(length, diagnostics)
    let symbols = symbols(
      file.require("symbols", hint: "symbols: [\"@index\"], or symbols: [AAPL, MSFT]"), "symbols", diagnostics)
    let notify = notify(file.entry("notify"), diagnostics)
    let named = file.require(
      "rules", hint: "rules: [{ rule: price_rise, threshold: 3% }, { rule: break_prev_high }]")
    let watches = watches(named, timeframe ?? .day, notify, symbols ?? [], diagnostics)
    var testReader = TestReader(
      timeframe: timeframe ?? .day, folder: folder, alerts: watches?.map(\.rule) ?? AlertRule.allCases)
    let tests = testReader.read(file.take("tests"), diagnostics)
    file.finish()
    guard let name = head.name, let timeframe, let symbols, let watches, !watches.isEmpty else { return nil }
    let strategies = watches.map { watch in
      strategy(watch, name, head.title, symbols, tests, diagnostics.source.text)
    }
    return PriceAlert(
      name: name, title: head.title, description: head.description, timeframe: timeframe, symbols: symbols,
      watches: watches, strategies: strategies)
  }

  private func strategy(
    _ watch: AlertWatch, _ name: String, _ title: String, _ symbols: [String], _ tests: [StrategyTest], _ text: String
  ) -> Strategy {
    let numbers = watch.threshold.numbers(categories ?? [:])
    var building = AlertBuilding(watch.rule, numbers, watch.timeframe, registry: registry)
    let rule = building.made()
    var plan = TradePlan()
    plan.isTraded = false
    var notify = watch.notify
    notify.highFrom = watch.high
    let own = tests.map { test in
      var test = test
      test.expected = test.expected.filter { $0.rule == watch.rule }
      return test
    }
    var strategy = Strategy(
      name: "\(name).\(watch.rule.rawValue)", title: title, description: watch.rule.title, timeframe: watch.timeframe,
      symbols: symbols, groups: [], graph: building.graph, rule: rule, emitsLevels: true, plan: plan, notify: notify,
      tests: own, steps: [StepOutline(id: watch.rule.rawValue, entries: [], rule: rule)])
    (strategy.text, strategy.alert, strategy.resolved) = (text, watch.rule, "\(numbers)")
    return strategy
  }

  private func watches(
    _ value: YAMLValue?, _ timeframe: Timeframe, _ notify: Notify, _ symbols: [String], _ diagnostics: Diagnostics
  ) -> [AlertWatch]? {
    guard let value, let items = diagnostics.list(value, "rules") else { return nil }
    if items.isEmpty {
      diagnostics.report(.outOfRange, at: value, "rules is empty: a price alert has one rule at least")
    }
    let before = diagnostics.errors
    var watches: [AlertWatch] = []
    var lines: [AlertRule: Int] = [:]
    for item in items {
      guard let (rule, place) = watch(item, timeframe, notify, symbols, diagnostics) else { continue }
      if let line = lines[rule.rule] {
        diagnostics.report(
          .duplicateID, at: place, "the rule \(rule.rule.rawValue) is named twice",
          hint: "it stands in line \(line) already: thresholds of its own belong under symbols: or categories:")
        continue
      }
      lines[rule.rule] = place.line
      watches.append(rule)
    }
    return diagnostics.errors == before ? watches : nil
  }

  private func watch(
    _ item: YAMLValue, _ timeframe: Timeframe, _ notify: Notify, _ symbols: [String], _ diagnostics: Diagnostics
  ) -> (AlertWatch, YAMLValue)? {
    let words = AlertRule.allCases.map(\.rawValue)
    if item.entries == nil, item.text != nil, !item.isNull {
      // A rule that needs no settings may stand by its name.
      guard let rule = diagnostics.word(item, "a rule", of: words).flatMap({ AlertRule(rawValue: $0) }) else {
        return nil
      }
      guard let threshold = rule.initialThreshold else {
        reportNoThreshold(rule, item, diagnostics)
        return nil
      }
      return (watch(rule, AlertThreshold(threshold), rule.initialHigh, timeframe, notify), item)
    }
    guard var reader = MappingReader(item, "a rule", diagnostics) else { return nil }
    let named = reader.require("rule", hint: "one of \(words.joined(separator: ", "))")
    let rule = named.flatMap { diagnostics.word($0, "rule", of: words) }.flatMap { AlertRule(rawValue: $0) }
    let given = reader.take("threshold")
    let high = reader.take("high")
    let own = alertTimeframe(reader.take("timeframe"), diagnostics)
    let priorities = Notify.Priority.allCases.map(\.rawValue)
    let priority = reader.take("priority").flatMap { diagnostics.word($0, "priority", of: priorities) }
    let cooldown = duration(reader.take("cooldown"), "cooldown", diagnostics)
    reader.finish()
    guard let rule, let named else { return nil }
    let reading = AlertThresholdReader(rule: rule, categories: categories, diagnostics: diagnostics)
    guard let threshold = given.map(reading.threshold) ?? rule.initialThreshold.map({ AlertThreshold($0) }) else {
      if given == nil { reportNoThreshold(rule, named, diagnostics) }
      return nil
    }
    reading.checkSymbols(of: threshold, in: given, among: watched(symbols))
    let from = reading.high(high, above: threshold) ?? (high == nil ? rule.initialHigh : nil)
    var made = watch(rule, threshold, from, own ?? timeframe, notify)
    if let priority { made.notify.priority = Notify.Priority(rawValue: priority) ?? made.notify.priority }
    if let cooldown { made.notify.cooldown = cooldown }
    return (made, named)
  }

  private func watch(
    _ rule: AlertRule, _ threshold: AlertThreshold, _ high: Double?, _ timeframe: Timeframe, _ notify: Notify
  ) -> AlertWatch {
    var notify = notify
    notify.cooldown = notify.cooldown ?? rule.cooldown
    return AlertWatch(rule: rule, threshold: threshold, high: high, timeframe: timeframe, notify: notify)
  }

  private func reportNoThreshold(_ rule: AlertRule, _ place: YAMLValue, _ diagnostics: Diagnostics) {
    diagnostics.report(
      .missingKey, at: place, "\(rule.rawValue) needs the key \"threshold\"",
      hint: "threshold: 3%, or threshold: { default: 3%, categories: { index: 1% }, symbols: { TSLA: 5% } }")
  }

  /// The symbols that a file names, watchlists replaced by theirs; nil where there is no configuration that has them.
  private func watched(_ symbols: [String]) -> Set<String>? {
    guard let watchlists else { return nil }
    return Set(symbols.flatMap { $0.hasPrefix("@") ? watchlists[String($0.dropFirst())] ?? [] : [$0] })
  }

  /// A session is what is measured against, so bars are not longer than one.
  private func alertTimeframe(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> Timeframe? {
    guard let value, let timeframe = duration(value, "timeframe", diagnostics) else { return nil }
    guard timeframe.milliseconds > Timeframe.day.milliseconds else { return timeframe }
    diagnostics.report(
      .badTime, at: value, "bars of \(timeframe) are longer than a session, against which a price alert measures",
      hint: "1d, or less: 1h, 15m, 5m")
    return nil
  }
}
