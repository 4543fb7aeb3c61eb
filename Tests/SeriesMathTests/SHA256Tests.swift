import SeriesMath
import Testing

/// Values of NIST (FIPS 180-4 examples and the million letters of its test set); those of other lengths are from
/// coreutils' `sha256sum`.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `the examples of the standard come out`(text: String, checksum: String) {
    #expect(SHA256.text(of: Array(text.utf8)) == checksum)
  }

  @Test func `a million letters in pieces of seven give the standard's value`() {
    var hash = SHA256()
    let piece = [UInt8](repeating: 97, count: 7)
    for _ in 0..<142_857 { hash.update(piece) }
    hash.update([97])
    #expect(hash.text == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: [
    (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
    (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
    (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
    (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
  ])
  func `lengths about a block's end are padded right`(count: Int, checksum: String) {
    #expect(SHA256.text(of: [UInt8](repeating: 97, count: count)) == checksum)
  }

  // The first values of seed 1234567, as published with the reference implementation's tests (Rosetta Code).
  @Test func `SplitMix64 gives its published sequence`() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test func `numbers below a bound are all met and none lies outside`() {
    var random = SplitMix64(seed: 7)
    var seen = [Int](repeating: 0, count: 6)
    for _ in 0..<6_000 { seen[random.below(6)] += 1 }
    // 1,000 each is expected; five standard deviations of a binomial are 144.
    #expect(seen.allSatisfy { abs($0 - 1_000) < 144 })
  }
}
