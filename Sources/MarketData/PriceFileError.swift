/// Why a price file cannot be used.
public enum PriceFileError: Error, Sendable, Hashable {
  case notThere(file: String)
  /// Something other than a regular file stands there, such as a folder or a pipe.
  case notAFile(file: String, what: String)
  /// The system does not let it be read; `reason` is its own word for that.
  case unreadable(file: String, reason: String)
  case tooLarge(file: String, bytes: Int, limit: Int)
  /// `faults` are the first of `total`, in the order of their lines.
  case faults(file: String, [PriceFault], total: Int)

  /// The file as it was named.
  public var file: String {
    switch self {
    case .notThere(let file), .notAFile(let file, _), .unreadable(let file, _), .tooLarge(let file, _, _),
      .faults(let file, _, _):
      file
    }
  }
}

extension PriceFileError: CustomStringConvertible {
  /// One sentence a fault, a line each.
  public var description: String {
    switch self {
    case .notThere(let file): return "\(file): there is no such file"
    case .notAFile(let file, let what): return "\(file): is \(what), where a file is wanted"
    case .unreadable(let file, let reason): return "\(file): cannot be read: \(reason)"
    case .tooLarge(let file, let bytes, let limit):
      return "\(file): has \(bytes) bytes, where \(limit) at most are admitted; split the file"
    case .faults(let file, let faults, let total):
      var lines = faults.map { "\(file):\($0.line): \($0.message)" }
      if total > faults.count { lines.append("\(file): and \(total - faults.count) more") }
      return lines.joined(separator: "\n")
    }
  }
}
