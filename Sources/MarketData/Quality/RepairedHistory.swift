public import Trading

extension QualityRepair {
  /// The history that the rows were made of, with what was mended in it: a bar that was taken away is a missing one,
  /// and everything that was not mended stands as it was, be it right or wrong.
  public func applied(to original: PriceHistory) -> PriceHistory {
    var mended = PriceHistory(
      series: CandleSeries(
        instrument: original.series.instrument, timeframe: original.series.timeframe, times: rows.times,
        block: Array(rows.columns.joined())),
      adjustedClose: rows.adjusted, actions: original.actions, currency: original.currency)
    let before = PriceRows(original)
    for bar in Set(changes.filter { $0.field == .dividend }.map(\.bar)).sorted() {
      let places = mended.actions.indices.filter { index in
        guard case .dividend = mended.actions[index].kind else { return false }
        return before.firstBar(notBefore: mended.actions[index].time) == bar
      }
      guard let first = places.first else { continue }
      let time = mended.actions[first].time
      // Several that fall on one bar are one amount in the rows.
      for index in places.reversed() { mended.actions.remove(at: index) }
      let amount = rows.dividend(bar)
      if amount > 0 { mended.actions.insert(CorporateAction(time: time, kind: .dividend(amount)), at: first) }
    }
    return mended
  }
}
