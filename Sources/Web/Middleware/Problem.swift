import Foundation
import Hummingbird
import Marketplace
import Postgres

/// What a refusal or failure tells the client. Nothing of PostgreSQL is ever shown.
struct Problem {
    var status: HTTPResponse.Status
    var code: String
    var title: String
    var detail: String
    var field: String?
    var problems: [FieldProblem] = []

    /// - Parameter hasKey: whether the request had an Idempotency-Key, so that repeating it is safe.
    init(_ error: any Error, path: String, hasKey: Bool = false) {
        let again = hasKey ? "repeat it with the same Idempotency-Key." : "please try again."
        switch error {
        case let refusal as any MarketplaceError:
            self.init(refusal)
        case let postgres as PostgresError where postgres.code == .outcomeUnknown:
            self.init(
                .serviceUnavailable, "unavailable", "It is not known whether this command took effect; \(again)")
        case let postgres as PostgresError where postgres.isUnavailable:
            self.init(.serviceUnavailable, "unavailable", "The market's database cannot be reached now; \(again)")
        case let postgres as PostgresError where postgres.code == .statementTimeout || postgres.code == .cancelled:
            self.init(.serviceUnavailable, "unavailable", "The answer took too long; \(again)")
        case let postgres as PostgresError where postgres.code == .invalidText:
            self.init(.badRequest, "invalid", "A text in the request holds a NUL character.")
        case let postgres as PostgresError where postgres.isBadText:
            self.init(.badRequest, "invalid", "A text in the request cannot be kept: it is not valid Unicode.")
        case is RequestTimedOut:
            self.init(.serviceUnavailable, "unavailable", "The answer took too long; \(again)")
        case let http as any HTTPResponseError where http.status == .notFound:
            self.init(.notFound, "not_found", "There is nothing at \(path).")
        case let http as any HTTPResponseError where http.status == .contentTooLarge:
            self.init(.contentTooLarge, "too_large", "The body is larger than this route takes.")
        case let http as any HTTPResponseError where http.status == .methodNotAllowed:
            self.init(
                .methodNotAllowed, "invalid", "\(path) does not take this method; the header Allow names those it does."
            )
        case let http as any HTTPResponseError where http.status.kind == .clientError:
            self.init(http.status, "invalid", "The request cannot be understood: \(http.status.reasonPhrase).")
        default:
            self.init(
                .internalServerError, "internal", "Something went wrong here; the request's id helps to find out what.")
        }
    }

    private init(_ refusal: any MarketplaceError) {
        let status: HTTPResponse.Status =
            switch refusal.code {
            case .invalid: .badRequest
            case .unprocessable, .keyReused: .unprocessableContent
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .conflict: .conflict
            case .tooLarge: .contentTooLarge
            case .tooMany: .tooManyRequests
            case .unavailable: .serviceUnavailable
            }
        self.init(status, refusal.code.rawValue, refusal.message, field: refusal.field)
        problems = refusal.problems
    }

    private init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, field: String? = nil) {
        self.status = status
        self.code = code
        title = status.reasonPhrase
        self.detail = detail
        self.field = field
    }

    func json(requestID: String) -> Data {
        struct Body: Encodable {
            let type, title: String
            let status: Int
            let detail, code: String
            let field: String?
            let problems: [FieldProblem]?
            let request_id: String
        }
        let body = Body(
            type: "about:blank", title: title, status: status.code, detail: detail, code: code, field: field,
            problems: problems.isEmpty ? nil : problems, request_id: requestID)
        return (try? JSONEncoder().encode(body)) ?? Data("{}".utf8)
    }
}

extension PostgresError {
    /// SQLSTATE class 22021 and 22P05: a character that the server's encoding does not hold.
    var isBadText: Bool { sqlState == "22021" || sqlState == "22P05" }
}
