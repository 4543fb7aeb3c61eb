/// Signals that come together, or one after another.
struct MinedPattern: Hashable, Sendable {
  enum Form: String, Hashable, Sendable { case concurrent, sequential }

  var form: Form
  /// Kinds by place, in the order in which they come; of concurrent ones ascending.
  var kinds: [Int]
  /// Bars on which the last of them came, ascending: each a call that completes the pattern.
  var occurrences: [Int]
  /// Bars on which the pattern without its last signal came.
  var before: [Int]
  /// How often chance would bring it, if the last signal came as often and kept no time with those before it.
  var expected: Double
}

/// Finds patterns.
///
/// Which of all possible ones are looked at is decided by how often chance alone would bring them, which is the same
/// under every shift of the null: looking has then not chosen what it is going to find. Each kind stands in a pattern
/// once.
struct PatternMining {
  private let history: SignalHistory
  private let settings: PatternSettings
  /// For each bar the first one that is near enough.
  private let reach: [Int]
  /// The bars from the first call on.
  let circle: Range<Int>

  init?(_ history: SignalHistory, _ settings: PatternSettings, reach: [Int]) {
    guard let first = history.first, history.count - first > 10, reach.count == history.count else { return nil }
    self.history = history
    self.settings = settings
    self.reach = reach
    circle = first..<history.count
  }

  /// All that are tested, those with fewer signals first.
  var patterns: [MinedPattern] {
    var found: [MinedPattern] = []
    let frequent = history.kinds.indices.filter { history.bars[$0].count >= settings.leastSupport }
    let single = frequent.map {
      MinedPattern(form: .sequential, kinds: [$0], occurrences: history.bars[$0], before: [], expected: 0)
    }
    for form in [MinedPattern.Form.concurrent, .sequential] {
      var level = single
      for _ in 1..<max(2, min(5, settings.longest)) {
        level = extended(level, frequent, form)
        if level.isEmpty { break }
        found += level
      }
    }
    return found
  }

  /// Each pattern with one more signal: those of which chance would bring the most.
  private func extended(_ level: [MinedPattern], _ kinds: [Int], _ form: MinedPattern.Form) -> [MinedPattern] {
    var candidates: [(prefix: Int, kind: Int, expected: Double)] = []
    for (place, prefix) in level.enumerated() {
      let share = column(of: prefix.occurrences, form).reduce(0, +) / Double(circle.count)
      for kind in kinds where admits(prefix, kind, form) {
        let expected = share * Double(history.bars[kind].count)
        if expected >= 1 { candidates.append((place, kind, expected)) }
      }
    }
    candidates.sort { ($1.expected, $0.prefix, $0.kind) < ($0.expected, $1.prefix, $1.kind) }
    return candidates.prefix(settings.most).map { candidate in
      let prefix = level[candidate.prefix]
      return MinedPattern(
        form: form, kinds: prefix.kinds + [candidate.kind],
        occurrences: completions(of: prefix.occurrences, by: history.bars[candidate.kind], form),
        before: prefix.occurrences, expected: candidate.expected)
    }
  }

  /// What comes together points one way, and is named in one order only.
  private func admits(_ prefix: MinedPattern, _ kind: Int, _ form: MinedPattern.Form) -> Bool {
    guard !prefix.kinds.contains(kind), let last = prefix.kinds.last else { return false }
    return form == .sequential || (kind > last && history.kinds[kind].direction == history.kinds[last].direction)
  }

  /// For each bar of the circle 1 where a signal would complete a pattern, else 0.
  func column(of before: [Int], _ form: MinedPattern.Form) -> [Double] {
    var column = Array(repeating: 0.0, count: circle.count)
    if form == .concurrent {
      for bar in before { column[bar - circle.lowerBound] = 1 }
      return column
    }
    var next = 0
    for bar in circle {
      while next < before.count, before[next] < bar { next += 1 }
      if next > 0, before[next - 1] >= reach[bar] { column[bar - circle.lowerBound] = 1 }
    }
    return column
  }

  private func completions(of before: [Int], by last: [Int], _ form: MinedPattern.Form) -> [Int] {
    let column = column(of: before, form)
    return last.filter { column[$0 - circle.lowerBound] == 1 }
  }
}
