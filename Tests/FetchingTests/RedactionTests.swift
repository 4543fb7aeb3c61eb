import PluginKit
import Testing

@Suite struct RedactionTests {
  @Test(arguments: [
    ("a b/c+d%", "key a b/c+d% used"), ("a b/c+d%", "key=a%20b%2Fc%2Bd%25&x"), ("a b/c+d%", "key=a%20b%2fc%2bd%25&x"),
    ("a b/c+d%", "key=a+b%2Fc%2Bd%25&x"), ("a b/c+d%", "/bota%20b/c+d%25/send"), ("a%2Fb", "the key a/b is used"),
    ("열쇠", "key=%EC%97%B4%EC%87%A0"),
  ])
  func `a secret is left out, however it is encoded`(_ secret: String, _ text: String) {
    let request = WebRequest("http://prices.example/", secrets: [secret])
    let shown = request.withoutSecrets(text)
    #expect(shown.contains("[secret]"))
    #expect(!shown.contains("c%2") && !shown.contains("b/c") && !shown.contains("a/b") && !shown.contains("%EC"))
    #expect(request.showsSecret(text))
  }

  /// The forms are those of PHP (`json_encode`), .NET (`System.Text.Json`), Python (`json.dumps`), and coreutils' `base64`
  /// of the secret behind nothing, one, and two bytes.
  @Test(arguments: [
    ("Basic bWU6YzRuNHJ5L1F6Kzc9YTkmeA==", "c4n4ry/Qz+7=a9&x"), ("YzRuNHJ5L1F6Kzc9YTkmeA", "c4n4ry/Qz+7=a9&x"),
    ("\"YWM0bjRyeS9Reis3PWE5Jng=\"", "c4n4ry/Qz+7=a9&x"), ("YWFjNG40cnkvUXorNz1hOSZ4", "c4n4ry/Qz+7=a9&x"),
    (#"{"key":"c4n4ry\/Qz+7=a9&x"}"#, "c4n4ry/Qz+7=a9&x"), (#""c4n4ry/Qz\u002B7=a9\u0026x""#, "c4n4ry/Qz+7=a9&x"),
    (#""a\"b\\c4n4ry""#, #"a"b\c4n4ry"#), (#""\uc5f4\uc1e0 c4n4ry""#, "열쇠 c4n4ry"),
  ])
  func `a secret is left out, however JSON or base64 writes it`(_ text: String, _ secret: String) {
    let shown = WebRequest("http://prices.example/", secrets: [secret]).withoutSecrets(text)
    #expect(shown.contains("[secret]"))
    for rest in ["c4n4ry", "Qz", "a9", "YzRuNHJ5", "NG40cnkv", "M0bjRyeS9", "L1F6Kzc9", "uc5f4"] {
      #expect(!shown.contains(rest), "\(shown)")
    }
  }

  @Test func `a secret in another leaves no rest of it`() {
    let request = WebRequest("http://prices.example/", secrets: ["abc", "abcdef"])
    #expect(request.withoutSecrets("x abcdef y abc") == "x [secret] y [secret]")
  }

  @Test func `a text without secrets stays as it is`() {
    #expect(WebRequest("http://a/", secrets: ["", "key"]).withoutSecrets("KEY 100% 열쇠") == "KEY 100% 열쇠")
  }
}
