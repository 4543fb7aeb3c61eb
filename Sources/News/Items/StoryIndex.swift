public import Trading

/// Puts items that tell of the same into one story, by the words of their titles.
///
/// Titles with a word in common are found by MinHash over their words (A. Broder, "On the resemblance and containment
/// of documents", 1997), 24 hashes in bands of two, and then compared themselves: at least three fifths of the words of
/// both are shared (Jaccard), and they do not differ in a name or a number on both sides, since "Apple beats
/// estimates" and "Microsoft beats estimates" are two stories. Of Korean, Chinese and Japanese the pairs of signs count
/// as words.
public struct StoryIndex: Sendable {
  /// How far apart the items of a story are, in milliseconds.
  public let window: Int64
  private let most: Int
  private var titles: [TitleWords] = []
  private var told: [(at: Instant, story: Int64, isDated: Bool)] = []
  private var bands: [UInt64: [Int]] = [:]

  public init(window: Int64 = 3 * 86_400_000, most: Int = 50_000) {
    self.window = window
    self.most = max(1, most)
  }

  /// The story that a title belongs to: that of the most alike title within the window, else `key`.
  ///
  /// - Parameter isDated: Whether the moment is the item's own. Where it is not, for this item or for the one
  ///   before, the same words at any time are the same story: an item that loses its date, or that comes with it only
  ///   later, is not told of once more.
  public mutating func story(of title: String, at moment: Instant, key: Int64, isDated: Bool = true) -> Int64 {
    let words = TitleWords(title)
    let keys = words.bands
    var best: (likeness: Double, story: Int64)?
    var seen: Set<Int> = []
    for key in keys {
      for place in bands[key] ?? [] where seen.insert(place).inserted {
        let isNear = abs(told[place].at.milliseconds - moment.milliseconds) <= window
        guard isNear || !isDated || !told[place].isDated else { continue }
        let likeness = words.likeness(to: titles[place])
        if likeness >= (isNear ? 0.6 : 1), likeness > best?.likeness ?? 0 { best = (likeness, told[place].story) }
      }
    }
    let story = best?.story ?? key
    // The same words once more, as feeds bring them at each pass, find nothing that the first ones do not.
    if best?.likeness ?? 0 < 1 { add(words, keys, at: moment, story, isDated) }
    return story
  }

  /// Takes in what was put into a story before.
  public mutating func remember(_ title: String, at moment: Instant, story: Int64, isDated: Bool = true) {
    let words = TitleWords(title)
    add(words, words.bands, at: moment, story, isDated)
  }

  private mutating func add(
    _ words: TitleWords, _ keys: [UInt64], at moment: Instant, _ story: Int64, _ isDated: Bool
  ) {
    if titles.count >= most { forget() }
    for key in keys {
      var places = bands[key] ?? []
      // What half the world writes would make every search long.
      if places.count >= 64 { places.removeFirst() }
      places.append(titles.count)
      bands[key] = places
    }
    titles.append(words)
    told.append((moment, story, isDated))
  }

  /// Keeps the later half.
  private mutating func forget() {
    let kept = titles.indices.suffix(most / 2).map { (titles[$0], told[$0]) }
    (titles, told, bands) = ([], [], [:])
    for (words, one) in kept { add(words, words.bands, at: one.at, one.story, one.isDated) }
  }
}

/// The words of a title, and which of them are names or numbers.
struct TitleWords: Sendable {
  /// Checksums, ascending, each once.
  private(set) var words: [UInt64] = []
  private var names: [UInt64] = []
  /// The word that a Korean title begins with, where its company stands, and the checksums of its parts.
  private var lead: (word: String, parts: [UInt64])?

  init(_ title: String) {
    var found: Set<UInt64> = []
    var named: Set<UInt64> = []
    for (place, word) in title.prefix(400).split(whereSeparator: { !$0.isLetter && !$0.isNumber }).prefix(60)
      .enumerated()
    {
      for run in TitleWords.runs(word) {
        if TitleWords.isPaired(run.first) {
          let signs = Array(run)
          let pairs = signs.count == 1 ? [String(signs)] : zip(signs, signs.dropFirst()).map { "\($0)\($1)" }
          let sums = pairs.map(TitleWords.checksum)
          found.formUnion(sums)
        } else {
          let sum = TitleWords.checksum(run.lowercased())
          // Articles and the like say nothing.
          guard !TitleWords.fillers.contains(run.lowercased()) else { continue }
          found.insert(sum)
          if run.first?.isUppercase == true || run.contains(where: \.isNumber) { named.insert(sum) }
        }
      }
      if place == 0, word.unicodeScalars.contains(where: { (0xAC00...0xD7A3).contains($0.value) }) {
        lead = (word.lowercased(), found.sorted())
      }
    }
    words = found.sorted()
    names = named.sorted()
  }

  /// The share of the words of both that both have; 0 where they differ in a name or a number on both sides.
  func likeness(to other: TitleWords) -> Double {
    guard !words.isEmpty, !other.words.isEmpty else { return 0 }
    let shared = TitleWords.shared(words, other.words)
    let isSame = shared == words.count && shared == other.words.count
    if !isSame, TitleWords.lacks(other.words, names), TitleWords.lacks(words, other.names) { return 0 }
    // Particles are written onto a Korean name; 삼성전자 and 삼성전기 are two.
    if let lead, let theirs = other.lead, !lead.word.hasPrefix(theirs.word), !theirs.word.hasPrefix(lead.word),
      TitleWords.lacks(other.words, lead.parts), TitleWords.lacks(words, theirs.parts)
    {
      return 0
    }
    // Of few words one that differs is much.
    if min(words.count, other.words.count) < 3, !isSame { return 0 }
    return Double(shared) / Double(words.count + other.words.count - shared)
  }

  /// How many are in both of two ascending lists.
  private static func shared(_ one: [UInt64], _ other: [UInt64]) -> Int {
    var (at, place, count) = (0, 0, 0)
    while at < one.count, place < other.count {
      if one[at] == other[place] { count += 1 }
      (at, place) = (at + (one[at] <= other[place] ? 1 : 0), place + (other[place] <= one[at] ? 1 : 0))
    }
    return count
  }

  /// Whether one of an ascending list is not among the words.
  private static func lacks(_ words: [UInt64], _ some: [UInt64]) -> Bool { shared(words, some) < some.count }

  /// Two titles that are alike share one of these with a probability of 1 − (1 − likeness²)¹².
  var bands: [UInt64] {
    guard !words.isEmpty else { return [] }
    return (0..<12).map { band in
      var key = UInt64(band)
      for row in 0..<2 {
        let seed = TitleWords.mixed(UInt64(band * 2 + row + 1))
        key = TitleWords.mixed(key ^ (words.lazy.map { TitleWords.mixed($0 ^ seed) }.min() ?? 0))
      }
      return key
    }
  }

  /// Parts of one script: Latin names stand within Korean words.
  private static func runs(_ word: Substring) -> [Substring] {
    var runs: [Substring] = []
    var rest = word
    while let first = rest.first {
      let isPaired = isPaired(first)
      let run = rest.prefix { self.isPaired($0) == isPaired }
      runs.append(run)
      rest = rest.dropFirst(run.count)
    }
    return runs
  }

  private static func isPaired(_ character: Character?) -> Bool {
    guard let value = character?.unicodeScalars.first?.value else { return false }
    return (0xAC00...0xD7A3).contains(value) || (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
  }

  /// FNV-1a, mixed.
  private static func checksum(_ text: String) -> UInt64 {
    mixed(text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }

  /// The last step of SplitMix64.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  private static let fillers: Set<String> = [
    "a", "an", "the", "of", "to", "in", "on", "for", "and", "as", "at", "by", "with", "is", "are", "s", "after", "from",
    "its", "update", "reuters", "bloomberg", "ap", "cnbc", "yahoo", "wsj",
  ]
}
