import News
import Testing

@Suite struct WebAddressTests {
  @Test(arguments: [
    ("https://www.Example.com/a/?utm_source=x&b=2&a=1#top", "http://example.com:80/a?a=1&b=2&fbclid=z"),
    ("https://example.com/news/%e2%82%ac", "https://example.com/news/%E2%82%AC/"),
    ("https://finance.yahoo.com/news/x.html?.tsrc=rss", "https://finance.yahoo.com/news/x.html"),
  ])
  func `addresses of one article are one`(_ one: String, _ other: String) {
    #expect(WebAddress.normalized(one) == WebAddress.normalized(other))
  }

  @Test(arguments: [
    ("https://example.com/a?id=1", "https://example.com/a?id=2"), ("https://example.com/a", "https://example.org/a"),
    ("https://example.com/A", "https://example.com/a"),
  ])
  func `addresses of two articles are two`(_ one: String, _ other: String) {
    #expect(WebAddress.normalized(one) != WebAddress.normalized(other))
  }

  // RFC 3986, 5.4.1 and 5.4.2, for what a feed can hold.
  @Test(arguments: [
    ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
    ("//g", "http://g"), ("g?y", "http://a/b/c/g?y"), ("../g", "http://a/b/g"), ("../../g", "http://a/g"),
    ("../../../g", "http://a/g"), ("?y", "http://a/b/c/d;p?y"), ("#s", "http://a/b/c/d;p?q#s"),
    ("g;x", "http://a/b/c/g;x"),
  ])
  func `a relative address is resolved as the standard's examples are`(_ link: String, _ wanted: String) {
    #expect(WebAddress.absolute(link, base: "http://a/b/c/d;p?q") == wanted)
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "http://", "https:///x",
    "mailto:a@b", "java\nscript:alert(1)", "ftp://example.com/", "http:example.com",
  ])
  func `what cannot be followed is no link`(_ link: String) { #expect(WebAddress.absolute(link) == nil) }
}
