import CPostgres

/// What went wrong with a statement; `description` is safe to show, `debugDescription` is for the log.
public struct PostgresError: Error, Sendable {
    public enum Code: String, Sendable {
        case server, connection, outcomeUnknown, acquireTimeout, statementTimeout, cancelled, rolledBack
        case invalidText, decoding, queueFull, closed
    }

    public let code: Code
    public let sqlState: String?
    public let constraint: String?
    public let statement: String?
    /// May hold values and SQL: never shown to a user.
    public let detailForLog: String
    /// The prepared plan no longer fits the tables; preparing again is all it takes.
    var isStalePlan = false

    init(
        _ code: Code, _ detail: String, sqlState: String? = nil, constraint: String? = nil, statement: String? = nil
    ) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.statement = statement
        detailForLog = detail
    }

    public var isUniqueViolation: Bool { sqlState == "23505" }
    public var isForeignKeyViolation: Bool { sqlState == "23503" }
    public var isCheckViolation: Bool { sqlState == "23514" }
    public var isExclusionViolation: Bool { sqlState == "23P01" }

    /// The database cannot serve just now; the same request may succeed later.
    public var isUnavailable: Bool {
        switch code {
        case .connection, .acquireTimeout, .queueFull, .closed: return true
        default: break
        }
        guard let sqlState else { return false }
        return sqlState == "25006" || ["57P0", "53", "08"].contains { sqlState.hasPrefix($0) }
    }

    /// Running the whole transaction again may succeed.
    var isWorthRepeating: Bool {
        sqlState == "40001" || sqlState == "40P01" || sqlState == "25006" || code == .connection || isStalePlan
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        switch code {
        case .server: "The database refused the statement (\(sqlState ?? "no code"))."
        case .connection: "The database cannot be reached."
        case .outcomeUnknown: "The connection broke before the database confirmed the change."
        case .acquireTimeout: "No database connection became free in time."
        case .statementTimeout: "The database took too long."
        case .cancelled: "The statement was cancelled."
        case .rolledBack: "The database rolled the transaction back."
        case .invalidText: "A text holds a character that the database cannot store."
        case .decoding: "A value of the database has an unexpected type."
        case .queueFull: "Too many statements are waiting for the database."
        case .closed: "The database connections are closed."
        }
    }

    public var debugDescription: String {
        var parts = ["PostgresError.\(code.rawValue)"]
        if let sqlState { parts.append("sqlState=\(sqlState)") }
        if let constraint { parts.append("constraint=\(constraint)") }
        if let statement { parts.append("statement=\(statement)") }
        parts.append(detailForLog)
        return parts.joined(separator: " ")
    }
}

extension PostgresError {
    /// Reads the fields of an error result; the caller keeps and clears the result.
    init(result: OpaquePointer, statement: String?) {
        func field(_ letter: Character) -> String? {
            PQresultErrorField(result, Int32(letter.asciiValue ?? 0)).map { String(cString: $0) }
        }
        let state = field("C")
        let message = field("M") ?? String(cString: PQresultErrorMessage(result))
        let details = [field("D"), field("H"), field("W")].compactMap { $0 }
        let code: Code =
            switch state {
            case nil: .connection
            case "57014": message.contains("statement timeout") ? .statementTimeout : .cancelled
            case let state? where state.hasPrefix("57P0") || state.hasPrefix("08"): .connection
            default: .server
            }
        self.init(
            code, ([message] + details).joined(separator: " | "), sqlState: state, constraint: field("n"),
            statement: statement)
        // The routine's name is the same in every language of the server, the message is not.
        isStalePlan = (state == "0A000" && field("R") == "RevalidateCachedQuery") || state == "26000"
    }

    func naming(_ statement: String?) -> PostgresError {
        guard self.statement == nil, let statement else { return self }
        var copy = PostgresError(
            code, detailForLog, sqlState: sqlState, constraint: constraint, statement: statement)
        copy.isStalePlan = isStalePlan
        return copy
    }

    func recoded(_ code: Code) -> PostgresError {
        PostgresError(code, detailForLog, sqlState: sqlState, constraint: constraint, statement: statement)
    }
}
