internal import Calendars
public import PluginKit

/// A feed as the configuration names it, with the client that asks its server.
public struct FeedSource: Sendable {
  /// One document of it.
  public struct Address: Hashable, Sendable {
    public var url: String
    /// What all its items are about.
    public var symbols: Set<String>

    public init(url: String, symbols: Set<String> = []) {
      self.url = url
      self.symbols = symbols
    }

    /// What its state is kept by: the symbols, and a checksum of the URL, which may hold a key.
    public var mark: String {
      let sum = String(UInt64(bitPattern: FeedItem.key(["url", url])), radix: 16)
      return (symbols.sorted() + ["#\(sum)"]).joined(separator: " ")
    }
  }

  public var name: String
  public var addresses: [Address]
  /// What the configuration says that it is; nil takes what comes.
  public var format: FeedFormat?
  /// Its language where the feed names none.
  public var language: String?
  public var parser: FeedParser
  public var web: any WebClient

  public init(
    name: String, addresses: [Address], format: FeedFormat? = nil, language: String? = nil,
    parser: FeedParser = FeedParser(), web: any WebClient
  ) {
    self.name = name
    self.addresses = addresses
    self.format = format
    self.language = language
    self.parser = parser
    self.web = web
  }

  /// `{symbol}` in an address stands for each of the symbols; without it they are all one address's.
  public static func addresses(_ template: String, symbols: [String]) -> [Address] {
    guard template.contains("{symbol}") else { return [Address(url: template, symbols: Set(symbols))] }
    return symbols.map { symbol in
      Address(url: template.replacing("{symbol}", with: escaped(symbol)), symbols: [symbol])
    }
  }

  /// Percent-encoded but for the unreserved signs (RFC 3986, 2.3).
  private static func escaped(_ symbol: String) -> String {
    symbol.utf8.reduce(into: "") { text, byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._~".utf8.contains(byte)
      if isPlain {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}
