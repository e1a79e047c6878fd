import Foundation
import Postgres

/// The directory of public data: entries with every version, on two time axes.
public struct Directory: Sendable {
    let store: Store

    /// An entry as it was in force at a time, as far as it was known at another. - Parameter asOf: nil for now, as is
    /// `recordedBy`; the document tells the times only when one was asked for.
    public func entry(_ code: String, asOf: Date?, recordedBy: Date?, now: Date) async throws -> JSONDocument {
        let isAsked = asOf != nil || recordedBy != nil
        if let document = try await store.document(
            "directory/find_entry", code, asOf ?? now, recordedBy ?? now, isAsked)
        {
            return document
        }
        let state = try await store.database.first(
            store.statements["directory/find_entry_state"], code, lane: .read
        ) { (withdrawnAt: try $0.next(Date?.self), ()) }
        guard let state else { throw DirectoryError.unknownEntry(code) }
        throw DirectoryError.notInForce(code, withdrawnAt: state.withdrawnAt)
    }

    public func entries(text: String?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "entries?q=\(text ?? "")", key: [.code], cursor: cursor, limit: limit)
        let pattern = text.map(escapedForLike)
        async let page = store.page("directory/list_entries", pattern, request.cursor?.key, request: request)
        async let total = store.database.first(store.statements["directory/count_entries"], pattern) {
            try $0.next(Int.self)
        }
        let head = "\"total\":\(try await total ?? 0),"
        return try await page.json(head: head)
    }

    /// The versions of an entry, newest first, each with the fields that differ from the one before.
    public func history(of code: String, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "history of \(code)", key: [.number], cursor: cursor, limit: limit)
        let page = try await store.page("directory/list_entry_versions", code, request.cursor?.key, request: request)
        guard !page.items.isEmpty || request.cursor != nil else { throw DirectoryError.unknownEntry(code) }
        return page.json()
    }
}

public enum DirectoryError: MarketplaceError {
    case unknownEntry(String)
    case notInForce(String, withdrawnAt: Date?)
    case unreadable(CatalogueUnreadable)
    case tooManyWithdrawn(Int, inForce: Int, allowedShare: Double)
    case importRunning(String)
    case unknownImport(String)

    public var code: RefusalCode {
        switch self {
        case .unknownEntry, .notInForce, .unknownImport: .notFound
        case .unreadable(let reason): reason.reason == .tooLarge ? .tooLarge : .invalid
        case .tooManyWithdrawn, .importRunning: .conflict
        }
    }

    public var message: String {
        switch self {
        case .unknownEntry(let code): "No directory entry has the code \(code)."
        case .notInForce(let code, let withdrawnAt):
            withdrawnAt.map {
                "The directory entry \(code) is withdrawn since \($0.formatted(.iso8601)); see its history."
            }
                ?? "The directory entry \(code) was not in force, or not known, at the time asked for; see its history."
        case .unreadable(let reason): reason.message
        case .importRunning(let source): "Another import of the source \(source) is running; see the list of imports."
        case .unknownImport(let id): "There is no import \(id)."
        case .tooManyWithdrawn(let count, let inForce, let share):
            """
            This file lacks \(count) of the \(inForce) entries in force from its source, more than the allowed share of \
            \(share). Nothing was changed. If they are to be withdrawn, allow a larger share.
            """
        }
    }

    public var field: String? {
        if case .unreadable(let reason) = self { return reason.line.map { "line \($0)" } ?? "file" }
        return nil
    }
}
