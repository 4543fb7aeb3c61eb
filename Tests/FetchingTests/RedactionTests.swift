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

  @Test func `a secret in another leaves no rest of it`() {
    let request = WebRequest("http://prices.example/", secrets: ["abc", "abcdef"])
    #expect(request.withoutSecrets("x abcdef y abc") == "x [secret] y [secret]")
  }

  @Test func `a text without secrets stays as it is`() {
    #expect(WebRequest("http://a/", secrets: ["", "key"]).withoutSecrets("KEY 100% 열쇠") == "KEY 100% 열쇠")
  }
}
