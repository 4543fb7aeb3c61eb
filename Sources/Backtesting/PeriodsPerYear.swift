public import Trading

/// Bars a year: by the calendar of the series, over the years in which its bars lie; without one 252 days a year where no bar falls on a weekend, else 365, times the median
/// number of bars a UTC date that has any. Of timeframes longer than a day, their own number a year: 52 weeks, 12 months.
public func periodsPerYear(of candles: CandleSeries) -> Double { periodsPerYear(of: candles, seen: candles.count) }

/// The same from the first `seen` bars: what comes after the last counted bar must not colour its figures.
func periodsPerYear(of candles: CandleSeries, seen: Int) -> Double {
  if let calendar = candles.sessions?.calendar, seen > 0 {
    let years = candles.times[0].date.year...candles.times[seen - 1].date.year
    return calendar.periodsPerYear(candles.timeframe, years: years)
  }
  return periodsPerYear(of: candles.times.prefix(seen), timeframe: candles.timeframe)
}

/// The same from opening times.
func periodsPerYear(of times: ArraySlice<Instant>, timeframe: Timeframe) -> Double {
  let count = Double(timeframe.count)
  switch timeframe.unit {
  case .week: return 52 / count
  case .month: return 12 / count
  default: break
  }
  var barsADay: [Int] = []
  var lastDay = Int.min
  var hasWeekend = false
  for time in times {
    let day = time.day
    if day == lastDay {
      barsADay[barsADay.count - 1] += 1
    } else {
      barsADay.append(1)
      lastDay = day
      if time.weekday > 5 { hasWeekend = true }
    }
  }
  let days: Double = hasWeekend ? 365 : 252
  if timeframe.unit == .day, timeframe.count > 1 { return days / count }
  guard !barsADay.isEmpty else { return days }
  barsADay.sort()
  let middle = barsADay.count / 2
  let median =
    barsADay.count.isMultiple(of: 2)
    ? Double(barsADay[middle - 1] + barsADay[middle]) / 2 : Double(barsADay[middle])
  return days * median
}
