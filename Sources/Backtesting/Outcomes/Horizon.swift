import Trading

extension Horizon {
  /// Reads `5b`, `1d`, `4h`, `1w`, `1mo`; nil where the text is none of these or the count is not 1 to 10,000.
  public init?(_ text: String) {
    if text == "1d" {
      self = .session
    } else if text.hasSuffix("b") {
      let digits = text.dropLast()
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(digits), (1...10_000).contains(count)
      else { return nil }
      self = .bars(count)
    } else {
      guard let length = Timeframe(text) else { return nil }
      self = .duration(length)
    }
  }

  /// Whether bars of the timeframe are too long to show the horizon.
  func isShorter(than timeframe: Timeframe) -> Bool {
    switch self {
    case .bars: false
    case .session: timeframe.milliseconds > Timeframe.day.milliseconds
    case .duration(let length): length.milliseconds < timeframe.milliseconds
    }
  }
}

extension Horizon: CustomStringConvertible {
  /// As it is written on the command line.
  public var description: String {
    switch self {
    case .bars(let count): "\(count)b"
    case .session: "1d"
    case .duration(let length): length.description
    }
  }
}
