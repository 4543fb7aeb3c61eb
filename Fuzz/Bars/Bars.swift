import Pipelines
import Trading

/// Sixty bars with what disturbs: a rise, a jump, a fall, a still stretch without volume, and a hole.
public let bars = StrategyTest.candles(
  closes: (0..<60).map { bar in
    switch bar {
    case 40...41: .nan
    case 42...49: 90
    default: 100 + Double((bar * 7) % 11) - Double((bar * 3) % 5) * 1.5
    }
  },
  volumes: (0..<60).map { bar in (42...46).contains(bar) ? 0 : 1_000 + Double((bar * 37) % 400) })
