import Foundation

/// Where the table engine's program lies.
public enum TableEngineFiles {
    public static let program = Bundle.module.url(forResource: "engine/engine", withExtension: "py")
}
