internal import Mustache
internal import PluginKit
public import Storage
internal import Trading

extension NoticeWriter {
  /// Tells that a strategy's calls do not come true any more as often as its history gave. Its key is the strategy's
  /// text, so that nobody is told twice.
  public func notice(of drift: DriftRecord, channel: String) -> Notice {
    let key = ["drift", drift.strategy, drift.version, "\(drift.timeframe)", drift.horizon].joined(separator: "/")
    let code = NoticeWriter.code(of: key)
    let bold = MustacheLambda { "\(MarkedText.bold.start)\($0)\(MarkedText.bold.end)" }
    let body = templates.text(
      .drift,
      [
        "bold": bold, "strategy": MarkedText.value(drift.strategy), "timeframe": "\(drift.timeframe)",
        "horizon": MarkedText.value(drift.horizon), "since": words.time(drift.since), "rate": words.percent(drift.rate),
        "count": "\(drift.count)", "history": words.percent(drift.history), "floor": words.percent(drift.floor),
        "id": code,
      ])
    return Notice(
      key: key, code: code, channel: channel, priority: ChannelMessage.Priority.high.rawValue,
      title: MarkedText.title(of: body), body: body, line: MarkedText.title(of: body) + " · \(code)",
      fields: [
        "kind": "drift", "strategy": drift.strategy, "horizon": drift.horizon, "since": "\(drift.since)",
        "rate": "\(drift.rate)", "count": "\(drift.count)", "history": "\(drift.history)", "floor": "\(drift.floor)",
      ], strategy: drift.strategy)
  }
}
