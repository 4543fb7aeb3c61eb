import MarketData
import PluginKit
import Trading

/// What Yahoo says of dividends, splits and distributed gains besides the prices.
struct YahooEvents {
  let answer: VenueAnswer
  /// The label of the bar at whose opening it holds.
  let label: (Instant) -> Instant

  func actions(_ events: JSON?) throws(DataSourceError) -> [CorporateAction] {
    var actions: [CorporateAction] = []
    for event in events?["dividends"]?.members ?? [] {
      actions.append(try action(event) { $0["amount"]?.number.map { .dividend($0) } })
    }
    for event in events?["capitalGains"]?.members ?? [] {
      actions.append(try action(event) { $0["amount"]?.number.map { .capitalGain($0) } })
    }
    for event in events?["splits"]?.members ?? [] {
      actions.append(
        try action(event) { split in
          guard let new = split["numerator"]?.number, let old = split["denominator"]?.number, new > 0, old > 0 else {
            return nil
          }
          return .split(new / old)
        })
    }
    return actions
  }

  private func action(
    _ event: JSON.Member, _ kind: (JSON) -> CorporateAction.Kind?
  ) throws(DataSourceError) -> CorporateAction {
    guard let time = Instant(epoch: event.value["date"]?.number), let kind = kind(event.value) else {
      throw answer.unusable("the event \"\(event.name)\" cannot be read: \(event.value.found)")
    }
    return CorporateAction(time: label(time), kind: kind)
  }
}
