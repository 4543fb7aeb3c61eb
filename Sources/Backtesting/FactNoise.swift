import MarketData
import Trading

extension Facts {
  /// The same past with another future: later news is judged otherwise and more of it comes, some of it published
  /// before that moment and known after it; later filings have other figures, and known periods are restated.
  func withNoise(after now: Instant, seed: UInt64) -> Facts {
    var state = seed == 0 ? 1 : seed
    func random() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53)
    }
    let past = known(by: now)
    var news = past.news
    for item in self.news where item.knownAt > now {
      news.append(ScoredItem(publishedAt: item.publishedAt, knownAt: item.knownAt, score: 2 * random() - 1))
    }
    let day: Int64 = 86_400_000
    if !self.news.isEmpty {
      for _ in 0..<16 {
        let published = now.advanced(by: Int64((4 * random() - 2) * Double(day)))
        let known = max(published, now).advanced(by: 1 + Int64(random() * Double(day)))
        news.append(ScoredItem(publishedAt: published, knownAt: known, score: 2 * random() - 1))
      }
    }
    var figures = past.figures
    for figure in self.figures where figure.knownAt > now {
      var other = figure
      other.value *= 4 * random() - 2
      figures.append(other)
    }
    for figure in past.figures.suffix(64) {
      var restated = figure
      restated.knownAt = now.advanced(by: 1 + Int64(random() * Double(day)))
      restated.value *= 4 * random() - 2
      figures.append(restated)
    }
    return Facts(news: news, figures: figures)
  }
}
