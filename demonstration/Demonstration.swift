import Foundation

/// What the demonstration market is made of when no other input lies beside the project, and its synthetic enterprises.
public enum Demonstration {
    public static var folder: URL { Bundle.module.bundleURL }
}
