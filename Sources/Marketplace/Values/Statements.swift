import Postgres
import SQLFiles

/// The statements of `sql/queries` and `sql/metrics`, read once when the program starts.
public struct Statements: Sendable {
    private let byName: [String: Statement]

    public init() throws {
        let files = try SQLFiles.files(in: .queries) + SQLFiles.files(in: .metrics)
        byName = Dictionary(uniqueKeysWithValues: files.map { ($0.name, Statement(name: $0.name, text: $0.text)) })
    }

    /// The statement of a file. A name that no file has is a mistake of the program; a test asks for every name in use.
    public subscript(_ name: String) -> Statement {
        guard let statement = byName[name] else { preconditionFailure("no SQL file is named \(name)") }
        return statement
    }

    public var all: [Statement] { byName.values.sorted { $0.name < $1.name } }
}
