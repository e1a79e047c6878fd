import Foundation

/// The SQL of the market as files: one statement per query, migrations that are never edited after merge.
public enum SQLFiles {
    public struct File: Sendable, Hashable {
        /// The path below its folder without the ending, such as `catalog/find_product`.
        public let name: String
        public let text: String
    }

    public enum Folder: String, Sendable, CaseIterable { case migrations, views, queries, metrics }

    /// Every file of a folder, in the order of the names.
    public static func files(in folder: Folder) throws -> [File] {
        let root = Bundle.module.bundleURL.appendingPathComponent(folder.rawValue)
        guard let paths = FileManager.default.enumerator(atPath: root.path) else {
            throw Missing(folder: folder.rawValue)
        }
        return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".sql") }.sorted().map { path in
            File(
                name: String(path.dropLast(4)),
                text: try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
        }
    }

    /// The resource folder did not come along with the program.
    public struct Missing: Error, CustomStringConvertible {
        public let folder: String
        public var description: String { "The folder of SQL files '\(folder)' is not beside the program." }
    }
}
