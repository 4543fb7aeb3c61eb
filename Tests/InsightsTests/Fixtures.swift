import Foundation
import MarketData
import SeriesMath
import Trading

/// The folder of the repository.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

func sample(_ symbol: String = "IXIC") throws -> CandleSeries {
  let path = root.appending(path: "Samples/\(symbol)-1d.csv").path
  return try PriceFile.read(path: path, instrument: Instrument(symbol: symbol)).series
}

/// Daily candles from closes; open is the previous close, high and low reach a little beyond.
func daily(_ closes: [Double], every milliseconds: Int64 = 86_400_000) -> CandleSeries {
  let start = Instant(year: 2001, month: 1, day: 1) ?? Instant(milliseconds: 0)
  let candles = closes.indices.map { bar in
    let open = bar > 0 && closes[bar - 1].isFinite ? closes[bar - 1] : closes[bar]
    return Candle(
      time: start.advanced(by: Int64(bar) * milliseconds), open: open, high: max(open, closes[bar]) * 1.002,
      low: min(open, closes[bar]) * 0.998, close: closes[bar], volume: 1_000)
  }
  let timeframe = milliseconds == 86_400_000 ? Timeframe.day : Timeframe(Int(milliseconds / 60_000), .minute)
  return CandleSeries(instrument: Instrument(symbol: "X"), timeframe: timeframe, candles: candles)
}

/// Standard normal by Box and Muller.
struct Normal {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func next() -> Double {
    (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit())
  }

  /// Closes whose returns follow one another by this factor; 0 is a random walk.
  mutating func closes(_ count: Int, following factor: Double = 0) -> [Double] {
    var (close, last) = (100.0, 0.0)
    return (0..<count).map { _ in
      last = factor * last + 0.01 * next()
      close *= exp(last)
      return close
    }
  }
}

func signals(_ bars: [Int], _ direction: Direction, over candles: CandleSeries) -> [Signal] {
  bars.map {
    Signal(
      time: candles.times[$0], bar: $0, direction: direction, confidence: 70, price: candles.value(.close, at: $0),
      reason: "")
  }
}

/// Figures of numpy, scikit-learn, stumpy and statsmodels (Tests/Parity/insights_reference.py).
struct Reference: Decodable {
  struct Logistic: Decodable { let intercept: Double, weights, probabilities: [Double] }
  struct Boosted: Decodable { let features: [Int], thresholds, probabilities: [Double] }
  struct Means: Decodable { let points: Int, centres: [[Double]], inertia, silhouette: Double }
  struct Profile: Decodable { let length: Int, every500: [Double], nearest: Int, least: Double }
  struct Mean: Decodable { let mean, error, score: Double }
  struct Warped: Decodable { let band0, band3, band19: Double }
  let logistic: Logistic, boosted: Boosted, kmeans: Means, profile: Profile, newey_west: Mean, warped: Warped

  static func read() throws -> Reference {
    try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: root.appending(path: "Tests/Golden/IXIC-1d.insights.json")))
  }

  /// Moves over 1, 5 and 20 bars and the distance from the mean of 50, of each bar from 49 on, rounded to 32 bits.
  static func features(_ close: [Double]) -> [[Double]] {
    (49..<close.count).map { bar in
      let average = close[(bar - 49)...bar].reduce(0, +) / 50
      let values = [1, 5, 20].map { close[bar] / close[bar - $0] - 1 } + [close[bar] / average - 1]
      return values.map { Double(Float($0)) }
    }
  }
}

func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let a else { return false }
  return abs(a - b) <= tolerance * max(1, abs(b))
}
