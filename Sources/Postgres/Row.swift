import CPostgres

/// A row of a result, read column by column; it must not leave the closure that decodes it.
public struct Row {
    let result: OpaquePointer
    let row: Int32
    private var column: Int32 = 0

    init(result: OpaquePointer, row: Int32) {
        self.result = result
        self.row = row
    }

    public var columnNames: [String] {
        (0..<PQnfields(result)).map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
    }

    /// The next column. - Throws: `PostgresError` when there is none, or it has another type.
    public mutating func next<T: PostgresValue>(_ type: T.Type = T.self) throws -> T {
        defer { column += 1 }
        guard column < PQnfields(result) else {
            throw PostgresError(.decoding, "column \(column + 1) was asked for, the row has \(PQnfields(result))")
        }
        if PQgetisnull(result, row, column) == 1 {
            guard let null = T.null else { throw mismatch("NULL", T.self) }
            return null
        }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        let cell = Cell(bytes: bytes, oid: PQftype(result, column), isBinary: PQfformat(result, column) == 1)
        guard let value = T.read(cell) else { throw mismatch("type \(cell.oid)", T.self) }
        return value
    }

    private func mismatch(_ found: String, _ expected: Any.Type) -> PostgresError {
        let name = PQfname(result, column).map { String(cString: $0) } ?? "?"
        return PostgresError(.decoding, "column \(name) holds \(found), \(expected) was expected")
    }
}
