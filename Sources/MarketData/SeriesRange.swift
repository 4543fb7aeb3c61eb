public import Trading

extension CandleSeries {
  /// The bars that open from `from` on (inclusive) and before `to` (exclusive); nil leaves that side open.
  public func opening(from: Instant?, to: Instant?) -> CandleSeries {
    let start = from.map(firstBar(notBefore:)) ?? 0
    let end = max(start, to.map(firstBar(notBefore:)) ?? count)
    if start == 0, end == count { return self }
    var cut: [Double] = []
    cut.reserveCapacity((end - start) * Column.allCases.count)
    for column in Column.allCases {
      let first = column.rawValue * count
      cut += block[first + start..<first + end]
    }
    let part = CandleSeries(
      instrument: instrument, timeframe: timeframe, times: Array(times[start..<end]), block: cut,
      sessions: sessions?.of(start..<end))
    return isRestated ? part.paying(Array(dividends[start..<end])) : part
  }

  private func firstBar(notBefore time: Instant) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension PriceHistory {
  /// The same of a history: its bars, their adjusted closes, and what happened in the range.
  public func opening(from: Instant?, to: Instant?) -> PriceHistory {
    let cut = series.opening(from: from, to: to)
    let start = cut.times.first.flatMap { series.times.firstIndex(of: $0) } ?? 0
    return PriceHistory(
      series: cut, adjustedClose: adjustedClose.map { Array($0[start..<start + cut.count]) },
      actions: actions.filter { action in
        if let from, action.time < from { return false }
        if let to, action.time >= to { return false }
        return true
      }, currency: currency)
  }
}
