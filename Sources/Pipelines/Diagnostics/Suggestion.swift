/// The known name that was probably meant: the nearest by edits, where it is near, or the only one that begins so.
public func nearest(_ name: String, among known: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
  let limit = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in known {
    let letters = Array(candidate.lowercased().unicodeScalars)
    guard abs(letters.count - wanted.count) <= limit else { continue }
    let distance = edits(from: wanted, to: letters)
    guard distance <= limit else { continue }
    // Of equally near ones the first of the alphabet, in whatever order they come.
    if let best, (best.distance, best.name) <= (distance, candidate) { continue }
    best = (candidate, distance)
  }
  if best == nil, wanted.count >= 3 {
    let completions = known.filter { $0.hasPrefix(name) }
    if completions.count == 1 { return completions.first }
  }
  return best?.name
}

/// "did you mean …?" where a near name is known, and else all of them.
public func suggestion(for name: String, among known: some Sequence<String>, called kind: String) -> String {
  let names = Array(known)
  if let near = nearest(name, among: names) { return "did you mean \"\(near)\"?" }
  return listed(names, called: kind)
}

/// The first of some names, in words.
func listed(_ names: [String], called kind: String) -> String {
  if names.isEmpty { return "no \(kind) is admitted here" }
  let limit = 24
  return "\(kind): \(names.prefix(limit).joined(separator: ", "))\(names.count > limit ? ", …" : "")"
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
private func edits(from a: [Unicode.Scalar], to b: [Unicode.Scalar]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
