import Foundation
import Postgres

/// Meters, and what they counted.
extension Metering {
    /// Windows and groups of one answer.
    private static let mostRows = 10_000
    /// Entitlements that one question goes over.
    private static let mostSubjects = 10_000
    /// Archived events that a search of events goes through.
    private static let mostArchived = 1_000_000

    /// - Throws: `MeteringError` when the code is taken, or the product is not one that the operator operates.
    public func make(_ meter: NewMeter, by account: Account, now: Date) async throws -> JSONDocument {
        let own = account.role == .operator ? account.partyID : nil
        guard own == nil || meter.product != nil else {
            throw InvalidInput("product", "An operator makes meters for a product that it operates.")
        }
        return try await store.database.withTransaction { transaction in
            let isArchivedSooner = try await transaction.first(
                store.statements["metering/is_archived_sooner"], meter.hoursAccepted, now
            ) { try $0.next(Bool.self) }
            guard isArchivedSooner != true else { throw MeteringError.archivedSooner }
            var product: UUID?
            if let code = meter.product {
                product = try await transaction.first(
                    store.statements["metering/find_metered_product"], code, own, now
                ) { try $0.next(UUID.self) }
                guard product != nil else { throw MeteringError.unknownProduct(code) }
            }
            let made = try await transaction.first(
                store.statements["metering/insert_meter"], meter.code, meter.titleZH, meter.titleEN, meter.unit,
                product,
                meter.eventType, meter.aggregation.rawValue, meter.value, meter.scale, meter.dimensions,
                meter.hoursAccepted, account.partyID, now
            ) { JSONDocument(text: try $0.next(String.self)) }
            guard let made else { throw MeteringError.meterTaken(meter.code) }
            return made
        }
    }

    public func meters(cursor: String?, limit: Int?) async throws -> Page {
        let request = try PageRequest(query: "meters", key: [.code], cursor: cursor, limit: limit)
        return try await store.page("metering/list_meters", request.cursor?.key, request: request)
    }

    public func meter(_ code: String) async throws -> JSONDocument { try await found(code).document }

    private func found(_ code: String) async throws -> (
        aggregation: String, dimensions: [String], document: JSONDocument
    ) {
        let meter = try await store.database.first(store.statements["metering/find_meter"], code, lane: .read) {
            (
                aggregation: try $0.next(String.self), dimensions: try $0.next([String].self),
                document: JSONDocument(text: try $0.next(String.self))
            )
        }
        guard let meter else { throw MeteringError.unknownMeter }
        return meter
    }

    /// What a meter counted for an enterprise's entitlements, or for those that an operator sold, as JSON.
    public func query(_ code: String, _ query: MeterQuery, seenBy account: Account, now: Date) async throws
        -> JSONDocument
    {
        let meter = try await found(code)
        try query.check(against: meter.dimensions)
        let subjects = try await subjects(query.subjects, seenBy: account, now: now)
        let filter = try JSONEncoder().encode(query.filter)
        let rows = try await recalls.reading(UsageReach(subjects, query.open)) {
            try await store.database.all(
                store.statements["metering/query_meter"], subjects.map(\.enterprise), subjects.map(\.entitlement), code,
                query.from, query.until, query.window?.rawValue, query.zone, query.dimensions, query.bySubject,
                query.whole.first, query.whole.end, meter.aggregation, String(decoding: filter, as: UTF8.self),
                Self.mostRows + 1
            ) { try $0.next(String.self) }
        }
        guard rows.count <= Self.mostRows else {
            throw InvalidInput("windowSize", "The answer has more than \(Self.mostRows) rows; ask for a shorter range.")
        }
        let window = query.window.map { "\"\($0.rawValue.uppercased())\"" } ?? "null"
        let range = "\"from\":\"\(query.from.formatted(.iso8601))\",\"to\":\"\(query.until.formatted(.iso8601))\""
        return JSONDocument(text: "{\(range),\"windowSize\":\(window),\"data\":[\(rows.joined(separator: ","))]}")
    }

    /// Reported events of an enterprise's entitlements, or of those that an operator sold, newest first, each as JSON.
    public func events(_ filter: EventFilter, seenBy account: Account, now: Date) async throws -> [String] {
        let subjects = try await subjects(filter.subject.map { [$0] } ?? [], seenBy: account, now: now)
        let limit = filter.limit
        let rows = try await recalls.reading(
            // What was recorded since then was used at most so long before.
            UsageReach(
                subjects,
                [(filter.from ?? filter.recordedFrom?.addingTimeInterval(-NewMeter.longestAccepted), filter.until)]),
            as: .init(limit: limit, most: Self.mostArchived) { $0.count == limit ? $0.last?.time : nil }
        ) {
            try await store.database.all(
                store.statements["metering/list_events"], subjects.map(\.enterprise), subjects.map(\.entitlement),
                filter.from, filter.until, filter.recordedFrom, filter.recordedUntil, filter.id, filter.limit
            ) { (event: try $0.next(String.self), time: try $0.next(String.self)) }
        }
        return rows.map(\.event)
    }

    private func subjects(_ named: [UUID], seenBy account: Account, now: Date) async throws -> [(
        enterprise: UUID, entitlement: UUID
    )] {
        let isOperator = account.role == .operator
        let subjects = try await store.database.all(
            store.statements["metering/list_subjects"], isOperator ? nil : account.partyID,
            isOperator ? account.partyID : nil, named, now, Self.mostSubjects + 1, lane: .read
        ) { (enterprise: try $0.next(UUID.self), entitlement: try $0.next(UUID.self)) }
        guard subjects.count <= Self.mostSubjects else {
            throw InvalidInput("subject", "There are more than \(Self.mostSubjects) entitlements; name some.")
        }
        return subjects
    }
}

/// Which reported events are asked for.
public struct EventFilter: Sendable {
    let from, until, recordedFrom, recordedUntil: Date?
    let subject: UUID?
    let id: String?
    let limit: Int

    public init(
        from: Date?, until: Date?, recordedFrom: Date?, recordedUntil: Date?, subject: String?, id: String?, limit: Int?
    ) throws {
        (self.from, self.until) = (from, until)
        (self.recordedFrom, self.recordedUntil) = (recordedFrom, recordedUntil)
        self.subject = try subject.map { text in
            guard let subject = UUID(uuidString: text) else {
                throw InvalidInput("subject", "The subject is the id of an entitlement.")
            }
            return subject
        }
        self.id = id
        self.limit = limit ?? 100
        guard (1...100).contains(self.limit) else { throw InvalidInput("limit", "A list has 1 to 100 events.") }
    }
}
