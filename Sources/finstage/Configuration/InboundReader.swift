import Engine
import Pipelines
import PluginKit

extension ConfigurationReader {
  /// Reads the sources of signals from outside among `sources:`.
  ///
  /// - Parameter isAsked: whether the host is asked over HTTP at all.
  func inbound(_ entry: YAMLValue.Entry?, channels: YAMLValue.Entry?, isAsked: Bool) -> [InboundSource] {
    (entry?.value.entries ?? []).compactMap { source in
      let type = source.value.entries?.first { $0.name == "type" }
      guard type?.value.text == InboundSource.id,
        var reader = MappingReader(source.value, "the source \(source.name)", at: source.key, diagnostics)
      else { return nil }
      _ = reader.take("type")
      if !InboundSource.isSourceName(source.name) {
        diagnostics.report(
          .wrongType, at: source.key, "\"\(source.name)\" is no name for a source that is written to",
          hint: "write 1 to 60 letters of a to z, digits, dashes and underscores")
      }
      guard let settings = settings(InboundSource.settings, &reader) else { return nil }
      if !isAsked {
        diagnostics.report(
          .notActedOn, at: source.key, "nobody can send to \(source.name): the host is not asked over HTTP",
          hint: "write api: { listen: \"127.0.0.1:8080\" }")
      }
      let known = channels?.value.entries?.map(\.name) ?? []
      for name in settings.list("channels") ?? [] where !known.contains(name) {
        diagnostics.report(
          .unknownName, at: reader.take("channels") ?? source.key, "there is no channel \"\(name)\"",
          hint: suggestion(for: name, among: known, called: "channels"))
      }
      do throws(InboundSource.Faults) {
        return try InboundSource(name: source.name, settings: settings)
      } catch {
        for fault in error.faults {
          diagnostics.report(.wrongType, at: reader.take(fault.name) ?? source.key, fault.sentence)
        }
        return nil
      }
    }
  }
}
