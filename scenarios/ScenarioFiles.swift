import Foundation

/// The demonstration scenarios that ship with the market: one YAML document each, by batch.
public enum ScenarioFiles {
    public static var folder: URL { Bundle.module.bundleURL.appendingPathComponent("batches") }
}
