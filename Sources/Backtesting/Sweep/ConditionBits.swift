/// The truths of one strategy's conditions over a block of bars. A step has three rows of words: for a truth the bars on
/// which it is true and those on which it is false (neither where it is unknown), for an order the bars on which the
/// first column is above, those on which the second is, and those on which both have a value.
struct ConditionBits {
  static let rows = 3
  private static let words = PriceBlock.words

  /// Room for the steps of one strategy.
  private(set) var bits: [UInt64]

  init(steps: Int) { bits = [UInt64](repeating: 0, count: max(1, steps) * ConditionBits.rows * ConditionBits.words) }

  /// Works out all steps. `before` keeps for each step, the first of them at `from`, what it
  /// must know of the bar before the block.
  mutating func work(
    _ steps: Span<ConditionSteps.Step>, before: inout MutableSpan<UInt8>, from: Int, _ columns: borrowing ColumnBlock
  ) {
    var bits = bits.mutableSpan
    for index in steps.indices {
      let step = steps[index]
      let at = index * ConditionBits.rows * ConditionBits.words
      let (a, b) = (
        step.a * ConditionBits.rows * ConditionBits.words, step.b * ConditionBits.rows * ConditionBits.words
      )
      let words = ConditionBits.words
      switch step.kind {
      case .compare, .compareAbove:
        columns.compare(step.a, step.b, both: step.kind == .compare, &bits, at: at)
      case .above, .notAbove:
        let (yes, no) = step.kind == .above ? (at, at + words) : (at + words, at)
        let above = a + step.b * words
        for word in 0..<words {
          bits[yes + word] = bits[above + word]
          bits[no + word] = bits[a + 2 * words + word] & ~bits[above + word]
        }
      case .equal, .notEqual:
        let (yes, no) = step.kind == .equal ? (at, at + words) : (at + words, at)
        for word in 0..<words {
          let differs = bits[a + word] | bits[a + words + word]
          bits[yes + word] = bits[a + 2 * words + word] & ~differs
          bits[no + word] = differs
        }
      case .crossesAbove:
        let above = a + step.b * words
        // Bit 0: not above a bar ago, and known to be; bit 1: above a bar ago.
        var (low, high) = (UInt64(before[from + index] & 1), UInt64(before[from + index] >> 1))
        for word in 0..<words {
          let isAbove = bits[above + word]
          let isNot = bits[a + 2 * words + word] & ~isAbove
          bits[at + word] = isAbove & (isNot << 1 | low)
          bits[at + words + word] = isNot | (isAbove << 1 | high)
          (low, high) = (isNot >> 63, isAbove >> 63)
        }
        before[from + index] = UInt8(low | high << 1)
      case .and:
        for word in 0..<words {
          bits[at + word] = bits[a + word] & bits[b + word]
          bits[at + words + word] = bits[a + words + word] | bits[b + words + word]
        }
      case .or:
        for word in 0..<words {
          bits[at + word] = bits[a + word] | bits[b + word]
          bits[at + words + word] = bits[a + words + word] & bits[b + words + word]
        }
      case .not:
        for word in 0..<words {
          bits[at + word] = bits[a + words + word]
          bits[at + words + word] = bits[a + word]
        }
      case .constant:
        for word in 0..<words {
          bits[at + word] = step.a == 1 ? ~0 : 0
          bits[at + words + word] = step.a == 0 ? ~0 : 0
        }
      }
    }
  }

  @inline(__always)
  func isTrue(_ step: Int, _ word: Int) -> UInt64 { bits[step * ConditionBits.rows * ConditionBits.words + word] }

  @inline(__always)
  func isFalse(_ step: Int, _ word: Int) -> UInt64 {
    bits[(step * ConditionBits.rows + 1) * ConditionBits.words + word]
  }
}
