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
    return CandleSeries(
      instrument: instrument, timeframe: timeframe, times: Array(times[start..<end]), block: cut,
      sessions: sessions?.of(start..<end))
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
