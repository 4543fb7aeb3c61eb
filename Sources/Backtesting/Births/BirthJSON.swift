internal import Trading

extension BirthSplit: Encodable {
  /// `birth` of an entry.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(birth.rule.description, forKey: "rule")
    try row.encode(birth.seen.description, forKey: "seen")
    try row.encode(birth.ancestor?.description, forKey: "ancestor")
    try row.encode(birth.rules, forKey: "rules")
    try row.encode(before, forKey: "before")
    try row.encode(after, forKey: "out_of_sample")
  }
}

extension BirthSplit.Part: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(bars, forKey: "bars")
    try row.encode(first?.description, forKey: "first")
    try row.encode(last?.description, forKey: "last")
    try row.encode(signals, forKey: "signals")
    try row.encode(metrics, forKey: "metrics")
    var outcomes = row.nestedContainer(keyedBy: Key.self, forKey: "outcomes")
    for outcome in self.outcomes {
      try outcomes.encode(outcome, forKey: Key(stringValue: outcome.horizon.description))
    }
  }
}
