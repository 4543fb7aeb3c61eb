public import PluginKit

/// The sources that a config may name, in alphabetical order of their ids.
public let dataSources: [any DataSource.Type] = [
  CSVFiles.self
]
