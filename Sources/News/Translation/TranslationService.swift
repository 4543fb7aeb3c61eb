public import PluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A service that translates: DeepL's interface (version 2) or LibreTranslate's, at whichever address speaks it.
public struct TranslationService: Hashable, Sendable {
  public enum Kind: String, Sendable, Hashable, CaseIterable { case deepl, libretranslate }

  public let kind: Kind
  public let baseURL: String
  public let key: String?
  /// A language such as `ko`.
  public let target: String

  public init(_ kind: Kind, baseURL: String, key: String?, target: String) {
    self.kind = kind
    self.baseURL = baseURL
    self.key = key
    self.target = target
  }

  /// Texts in the target language, in their order; nil, with the reason, where the service gives none.
  public func translate(
    _ texts: [String], from language: String? = nil, by web: any WebClient
  ) async -> (texts: [String]?, fault: String?) {
    guard !texts.isEmpty else { return ([], nil) }
    let source = language.map { String($0.prefix(2)) }
    var request = WebRequest("\(baseURL)\(kind == .deepl ? "/v2/translate" : "/translate")", method: "POST")
    request.headers = [("Content-Type", "application/json")]
    request.secrets = key.map { [$0] } ?? []
    let body: Data?
    switch kind {
    case .deepl:
      if let key { request.headers.append(("Authorization", "DeepL-Auth-Key \(key)")) }
      body = try? JSONEncoder().encode(
        DeepLRequest(text: texts, target_lang: target.uppercased(), source_lang: source?.uppercased()))
    case .libretranslate:
      body = try? JSONEncoder().encode(
        LibreRequest(q: texts, source: source ?? "auto", target: target, format: "text", api_key: key))
    }
    request.body = body.map { [UInt8]($0) } ?? []
    let response: WebResponse
    do throws(WebError) { response = try await web.send(request) } catch { return (nil, error.message) }
    guard response.status == 200 else { return (nil, "the translator answers \(response.status)") }
    let data = Data(response.body)
    let found: [String]? =
      switch kind {
      case .deepl: (try? JSONDecoder().decode(DeepLAnswer.self, from: data))?.translations.map(\.text)
      case .libretranslate: (try? JSONDecoder().decode(LibreAnswer.self, from: data))?.translatedText
      }
    guard let found, found.count == texts.count else { return (nil, "the translator's answer cannot be read") }
    return (found.map { PlainText.line(Array($0.utf8), most: TranslationService.textLimit) }, nil)
  }

  /// Signs of a text that are kept.
  private static let textLimit = 4_000

  private struct DeepLRequest: Encodable {
    var text: [String]
    var target_lang: String
    var source_lang: String?
  }

  private struct DeepLAnswer: Decodable {
    struct Translation: Decodable { var text: String }
    var translations: [Translation]
  }

  private struct LibreRequest: Encodable {
    var q: [String]
    var source, target, format: String
    var api_key: String?
  }

  private struct LibreAnswer: Decodable { var translatedText: [String] }
}
