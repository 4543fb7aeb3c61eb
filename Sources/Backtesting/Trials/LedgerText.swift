import Trading

/// The lines of a ledger.
enum LedgerText {
  static let version = 1
  static let header = "{\"finstage\":\"trial ledger\",\"version\":\(version)}"

  /// What a line is.
  enum Line {
    case header(version: Int)
    case trial(LedgerRow)
    /// A text that trials name by its hash.
    case text(ConfigurationHash)
    /// Trials were taken out, and why.
    case removal
    /// Sound, and of a kind that this version does not know.
    case other
  }

  /// A trial as a line. Texts that stand once in the file are named by their hashes.
  static func line(of trial: Trial, options: ConfigurationHash, source: ConfigurationHash?) -> [UInt8] {
    var line = JSONLineWriter()
    line.put("trial", trial.configuration.hash.description)
    line.put("symbol", trial.symbol)
    line.put("timeframe", trial.timeframe.description)
    line.put("first", trial.first.description)
    line.put("last", trial.last.description)
    if trial.tried != trial.first...trial.last {
      line.put("tried_first", trial.tried.lowerBound.description)
      line.put("tried_last", trial.tried.upperBound.description)
    }
    line.put("bars", trial.bars)
    let moments = trial.moments.flatMap { $0.isFinite ? $0 : nil }
    line.put("mean", moments?.mean)
    line.put("deviation", moments?.deviation)
    line.put("skewness", moments?.skewness)
    line.put("kurtosis", moments?.kurtosis)
    if let count = moments?.count { line.put("returns", count) } else { line.null("returns") }
    line.put("strategy", trial.strategy)
    line.put("params", trial.params.filter(\.value.isFinite))
    line.put("options", options.description)
    if let source { line.put("source", source.description) } else { line.null("source") }
    if let blocks = trial.blocks {
      line.put("block_ms", Int(blocks.milliseconds))
      line.put("block_first", blocks.first)
      line.put("block_counts", base64: blocks.sums.flatMap { little(UInt32(exactly: $0.count) ?? 0) })
      line.put("block_sums", base64: blocks.sums.flatMap { little(Float($0.sum).bitPattern) })
      line.put("block_squares", base64: blocks.sums.flatMap { little(Float($0.squares).bitPattern) })
    } else {
      line.null("block_ms")
    }
    return line.line()
  }

  static func line(of text: String, hash: ConfigurationHash) -> [UInt8] {
    var line = JSONLineWriter()
    line.put("text", hash.description)
    line.put("is", text)
    return line.line()
  }

  static func line(removing count: Int, what: String, reason: String, at time: Instant) -> [UInt8] {
    var line = JSONLineWriter()
    line.put("removed", count)
    line.put("what", what)
    line.put("reason", reason)
    line.put("at", time.description)
    return line.line()
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255), UInt8(value >> 16 & 255), UInt8(value >> 24)]
  }

  static func words(_ text: [UInt8]) -> [UInt32]? {
    guard let bytes = Base64.decode(text), bytes.count.isMultiple(of: 4) else { return nil }
    return stride(from: 0, to: bytes.count, by: 4).map {
      UInt32(bytes[$0]) | UInt32(bytes[$0 + 1]) << 8 | UInt32(bytes[$0 + 2]) << 16 | UInt32(bytes[$0 + 3]) << 24
    }
  }
}

extension ReturnMoments {
  fileprivate var isFinite: Bool { mean.isFinite && deviation.isFinite && skewness.isFinite && kurtosis.isFinite }
}
