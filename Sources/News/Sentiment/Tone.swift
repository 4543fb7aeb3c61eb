/// The tone of a text: a score, and every word that made it.
public struct Tone: Hashable, Sendable {
  public enum Label: String, Sendable { case positive, neutral, negative }

  public struct Word: Hashable, Sendable {
    /// As it stands in the text, in lower case.
    public var text: String
    public var weight: Double
    /// Of the intensifiers that belong to it.
    public var intensity: Double
    public var isNegated: Bool
    /// What it adds to the sum.
    public var contribution: Double
  }

  /// Within −1 and 1; 0 for a text without a word of the lexicon.
  public var score: Double
  public var label: Label
  public var words: [Word]
}

extension Lexicon {
  /// score = S / (A + damping), with S the sum of the contributions and A that of their sizes: one strong word is not
  /// yet certainty, and words of both signs cancel out. A contribution is weight × intensifiers × negation for each
  /// negator.
  ///
  /// Nil for a text without a letter of an alphabet that its words are written in: nothing can be said of it.
  public func tone(of text: String) -> Tone? {
    let tokens = Token.split(text)
    guard tokens.contains(where: { $0.text.unicodeScalars.contains { $0.isLatin || $0.isHangul } }) else { return nil }
    return tone(of: parted(tokens))
  }

  /// Words such as "but" begin another clause.
  private func parted(_ tokens: [Token]) -> [Token] {
    var (more, parted) = (0, tokens)
    for place in tokens.indices {
      if breaks.match(tokens, at: place) != nil { more += 1 }
      parted[place].clause += more
    }
    return parted
  }

  private struct Found {
    var range: Range<Int>
    var weight: Double
    var intensity = 1.0
    var negators = 0
  }

  private func tone(of tokens: [Token]) -> Tone {
    var found: [Found] = []
    var place = 0
    while place < tokens.count {
      guard let match = words.match(tokens, at: place) else {
        place += 1
        continue
      }
      found.append(Found(range: place..<place + match.length, weight: match.value))
      place += match.length
    }
    let taken = Set(found.flatMap(\.range))
    place = 0
    while place < tokens.count {
      defer { place += 1 }
      guard !taken.contains(place) else { continue }
      if let match = negatorsBefore.match(tokens, at: place) {
        if let word = next(found, tokens, behind: place + match.length - 1, within: reach) { found[word].negators += 1 }
      } else if negatorsAfter.match(tokens, at: place) != nil {
        if let word = last(found, tokens, before: place, within: reach) { found[word].negators += 1 }
      } else if let match = intensifiers.match(tokens, at: place) {
        let behind = next(found, tokens, behind: place + match.length - 1, within: 2)
        if let word = behind ?? last(found, tokens, before: place, within: 2) { found[word].intensity *= match.value }
      }
    }
    return tone(found, tokens)
  }

  /// The word that comes behind a place in its clause, so many words off at most.
  private func next(_ found: [Found], _ tokens: [Token], behind place: Int, within words: Int) -> Int? {
    found.firstIndex { $0.range.lowerBound > place }.flatMap { index in
      let start = found[index].range.lowerBound
      return start - place <= words && tokens[start].clause == tokens[place].clause ? index : nil
    }
  }

  private func last(_ found: [Found], _ tokens: [Token], before place: Int, within words: Int) -> Int? {
    found.lastIndex { $0.range.upperBound <= place }.flatMap { index in
      let end = found[index].range.upperBound - 1
      return place - end <= words && tokens[end].clause == tokens[place].clause ? index : nil
    }
  }

  private func tone(_ found: [Found], _ tokens: [Token]) -> Tone {
    var (sum, size) = (0.0, 0.0)
    var words: [Tone.Word] = []
    for one in found {
      var contribution = one.weight * one.intensity
      for _ in 0..<one.negators { contribution *= negation }
      sum += contribution
      size += abs(contribution)
      words.append(
        Tone.Word(
          text: tokens[one.range].map(\.text).joined(separator: " "), weight: one.weight, intensity: one.intensity,
          isNegated: one.negators > 0, contribution: contribution))
    }
    let score = sum / (size + damping)
    let label: Tone.Label = words.isEmpty || abs(score) < threshold ? .neutral : score > 0 ? .positive : .negative
    return Tone(score: score, label: label, words: words)
  }
}

extension Unicode.Scalar {
  fileprivate var isLatin: Bool {
    (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value) || (0xC0...0x24F).contains(value)
  }

  fileprivate var isHangul: Bool { (0xAC00...0xD7A3).contains(value) || (0x1100...0x11FF).contains(value) }
}
