/// What can go wrong with a ledger's file.
public enum TrialLedgerError: Error, Sendable, CustomStringConvertible {
  /// The system's reason.
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// The file begins with something else than the header of a ledger.
  case notALedger(path: String, found: String)
  case newerFormat(path: String, version: Int)
  case locked(path: String)

  public var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path): the trial ledger cannot be read: \(reason)"
    case .cannotWrite(let path, let reason): "\(path): the trial ledger cannot be written: \(reason)"
    case .notALedger(let path, let found):
      "\(path): is no trial ledger, and nothing was written to it; it begins with \"\(found)\", a ledger with "
        + LedgerText.header
    case .newerFormat(let path, let version):
      "\(path): is a trial ledger of format \(version); this version reads format \(LedgerText.version)"
    case .locked(let path): "\(path): another process has held the trial ledger for more than ten seconds"
    }
  }
}
