import Foundation
import Postgres

/// Drafts of directory entries: compiled by a department, decided on by the competent body, released into the directory.
public struct Drafts: Sendable {
    let store: Store

    /// Compiles a draft.
    /// - Parameters:
    ///   - key: the `Idempotency-Key`; the same key and body answer the first draft again.
    ///   - body: the bytes the request came with, by whose digest a repeat is recognised.
    /// - Returns: the draft, and whether it was made by an earlier command with the key.
    public func compile(
        _ request: DraftRequest, by party: UUID, key: IdempotencyKey, body: [UInt8], now: Date
    ) async throws -> (draft: JSONDocument, repeated: Bool) {
        let digest = SHA256.digest(body)
        if let earlier = try await earlier(by: party, key: key, digest: digest) { return (earlier, true) }
        let content = try await content(of: request, by: party, now: now)
        let id = UUID.version7(at: now)
        let made = try await refusingReferences(of: request) {
            try await store.database.first(
                store.statements["drafts/insert_draft"], id, request.kind.rawValue, content.source, content.entry,
                content.document, content.base, request.restatedVersion, request.validFrom, request.validUntil,
                content.parties[.provider], content.parties[.contact], content.parties[.security], request.reason,
                request.basis, party, now, key.text, digest
            ) { try $0.next(UUID.self) }
        }
        if made == nil, let earlier = try await earlier(by: party, key: key, digest: digest) { return (earlier, true) }
        return (try await draft(id, for: party), false)
    }

    /// States an undecided draft anew, as a whole.
    public func edit(_ id: UUID, _ request: DraftRequest, by party: UUID, now: Date) async throws -> JSONDocument {
        let base = try await store.database.first(store.statements["drafts/find_draft_base"], id, party) { row in
            (kind: try row.next(String.self), source: try row.next(String.self), entry: try row.next(String?.self))
        }
        guard let base else { throw DraftError.unknownDraft }
        guard base.kind == request.kind.rawValue else { throw DraftError.kindIsFixed(base.kind) }
        guard request.kind == .new ? request.source == base.source : request.entry == base.entry else {
            throw InvalidInput(request.kind == .new ? "source" : "entry", "An edit does not move a draft elsewhere.")
        }
        let content = try await content(of: request, by: party, now: now)
        return try await refusingReferences(of: request) {
            try await step(
                "edited", "drafts/edit_draft", id, party, now, content.document, content.base,
                request.restatedVersion, request.validFrom, request.validUntil, content.parties[.provider],
                content.parties[.contact], content.parties[.security], request.reason, request.basis)
        }
    }

    public func draft(_ id: UUID, for party: UUID) async throws -> JSONDocument {
        guard let document = try await store.document("drafts/find_draft", id, party) else {
            throw DraftError.unknownDraft
        }
        return document
    }

    /// Drafts that the party compiled or decides on, newest first.
    public func drafts(for party: UUID, state: String?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let states = [
            "draft", "barred", "assessed", "submitted", "returned", "approved", "refused", "released", "withdrawn",
        ]
        if let state, !states.contains(state) {
            throw InvalidInput("state", "'\(state)' is not one of \(states.joined(separator: ", ")).")
        }
        let request = try PageRequest(
            query: "drafts of \(party) \(state ?? "")", key: [.id], cursor: cursor, limit: limit)
        return try await store.page("drafts/list_drafts", party, state, request.cursor?.key, request: request).json()
    }

    /// Makes a party the competent body of a source from now on; a source that is new is opened.
    public func stateCompetentBody(
        _ party: UUID, of source: String, title: String, basis: String, now: Date
    ) async throws {
        guard source.range(of: "^[A-Z0-9][A-Z0-9-]{0,39}$", options: .regularExpression) != nil else {
            throw InvalidInput("source", "A source's code is 1 to 40 capital letters, digits and hyphens.")
        }
        guard !basis.trimmingCharacters(in: .whitespaces).isEmpty else {
            throw InvalidInput("basis", "A body is competent on a basis: name the document.")
        }
        try await store.database.execute(
            store.statements["drafts/state_competent_body"], UUID(), source, title, party, basis, now)
    }

    /// What a request comes to when it is held against the directory.
    private struct Content {
        let source: UUID
        var entry: UUID?
        var base: Int?
        var document: String?
        let parties: [DraftRequest.Role: UUID]
    }

    private func content(of request: DraftRequest, by party: UUID, now: Date) async throws -> Content {
        if let from = request.validFrom, from >= now { throw DraftError.periodNotPast(field: "valid_from") }
        if let until = request.validUntil, until > now { throw DraftError.periodNotPast(field: "valid_until") }
        let named = try await parties(of: request)
        guard let code = request.entry else { return try await newContent(of: request, by: party, named: named) }
        let base = try await store.database.first(
            store.statements["drafts/find_base"], code, request.validFrom ?? now, party
        ) { row in
            (
                entry: try row.next(UUID.self), source: try row.next(UUID.self), number: try row.next(Int.self),
                inForce: try row.next(Bool.self), document: try row.next(String.self), allowed: try row.next(Bool.self)
            )
        }
        guard let base else { throw DraftError.unknownEntry(code) }
        guard base.allowed else { throw DraftError.notYours(code) }
        guard base.inForce || request.kind != .withdrawal else { throw DraftError.notInForce(code) }
        let document = try naming(named, in: request.fields?.merged(over: base.document))
        return Content(
            source: base.source, entry: base.entry, base: base.number, document: document, parties: named.ids)
    }

    private func newContent(of request: DraftRequest, by party: UUID, named: NamedParties) async throws -> Content {
        let code = request.source ?? ""
        let source = try await store.database.first(store.statements["drafts/find_source"], code, party) {
            (id: try $0.next(UUID.self), isCompetent: try $0.next(Bool.self))
        }
        guard let source else { throw DraftError.unknownSource(code) }
        guard source.isCompetent || named.ids[.provider].map({ $0 == party }) ?? true else {
            throw DraftError.forAnotherProvider
        }
        let document = try naming(named, in: request.fields?.merged(over: nil))
        return Content(source: source.id, document: document, parties: named.ids)
    }

    private struct NamedParties {
        var ids: [DraftRequest.Role: UUID] = [:]
        var names: [DraftRequest.Role: String] = [:]
        var codes: [DraftRequest.Role: String] = [:]
    }

    /// - Throws: `InvalidFields` that names every party that is not known.
    private func parties(of request: DraftRequest) async throws -> NamedParties {
        let codes = request.parties
        guard !codes.isEmpty else { return NamedParties() }
        let known = try await store.database.all(
            store.statements["drafts/find_parties"], Array(Set(codes.values))
        ) { (code: try $0.next(String.self), id: try $0.next(UUID.self), name: try $0.next(String.self)) }
        var named = NamedParties(codes: codes)
        var problems: [FieldProblem] = []
        for (role, code) in codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if let party = known.first(where: { $0.code == code }) {
                (named.ids[role], named.names[role]) = (party.id, party.name)
            } else {
                problems.append(FieldProblem(role.rawValue, "No party has the code \(code)."))
            }
        }
        guard problems.isEmpty else { throw InvalidFields(problems) }
        return named
    }

    /// The document says by name who provides the data and who can be asked, as imported ones do.
    private func naming(_ named: NamedParties, in document: String?) throws -> String? {
        guard let document else { return nil }
        var object = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any] ?? [:]
        for (role, member) in [(DraftRequest.Role.provider, "publisher"), (.contact, "contact")] {
            guard let name = named.names[role], let code = named.codes[role] else { continue }
            object[member] = ["name": name, "identifier": code]
        }
        let data = try JSONSerialization.data(withJSONObject: object, options: [.withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private func earlier(by party: UUID, key: IdempotencyKey, digest: [UInt8]) async throws -> JSONDocument? {
        let earlier = try await store.database.first(store.statements["drafts/find_compiled"], party, key.text) {
            (id: try $0.next(UUID.self), digest: try $0.next([UInt8].self))
        }
        guard let earlier else { return nil }
        guard earlier.digest == digest else { throw DraftError.keyUsedForAnother }
        return try await draft(earlier.id, for: party)
    }

    /// A second open draft of an entry, and a version that is not there, are found by the constraints.
    private func refusingReferences<T>(of request: DraftRequest, _ work: () async throws -> T) async throws -> T {
        do { return try await work() } catch let error as PostgresError where error.isUniqueViolation {
            throw DraftError.otherDraftOpen(request.entry ?? "")
        } catch let error as PostgresError where error.isForeignKeyViolation {
            throw DraftError.unknownVersion(request.restatedVersion ?? 0, entry: request.entry ?? "")
        }
    }
}
