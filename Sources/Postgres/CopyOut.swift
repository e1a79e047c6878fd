import CPostgres

extension Transaction {
    /// COPY … TO STDOUT, handed on in pieces of about 64 KiB; the server waits while a piece is dealt with.
    /// - Returns: rows.
    public func copyOut(
        _ statement: Statement, _ receive: @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await lease.perform { try $0.startCopy(statement, expecting: PGRES_COPY_OUT) }
        while let piece = try await lease.perform({ try $0.nextCopyPiece() }) {
            do { try await receive(piece) } catch {
                // What is left of the COPY would have to be read first: the connection is given up instead.
                _ = try? await lease.perform { $0.close() }
                throw error
            }
        }
        return try await lease.perform { try $0.copyResult(of: statement, until: $0.statementDeadline) }
    }
}

extension Database {
    /// The same on a connection of its own.
    public func copyOut(
        _ statement: Statement, lane: Lane = .report, _ receive: @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await withConnection(lane: lane) { try await $0.copyOut(statement, receive) }
    }
}
