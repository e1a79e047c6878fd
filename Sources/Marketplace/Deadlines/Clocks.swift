import Foundation
import Postgres

/// What an officer does with a clock of its own party.
public enum ClockChange: Sendable {
    /// The clock stands while another party completes its papers.
    case pause(reason: String, waitingFor: String)
    /// The clock runs on; the due date moves by the working days it stood.
    case resume
    /// More days, once; nil: as many as the policy allows.
    case extend(reason: String, days: Int?)
}

extension Deadlines {
    /// Each refusal says what the clock does not allow. - Returns: the deadline with its new date.
    public func change(_ deadline: UUID, _ change: ClockChange, by party: UUID, now: Date) async throws -> JSONDocument
    {
        var awaited: String?
        if case .pause(_, let code) = change { awaited = code }
        // One repeat: between a refusal and the question why, the clock may have come to allow it.
        for _ in 0..<2 {
            if try await takes(change, of: deadline, by: party, now: now) {
                return try await self.deadline(deadline, now: now)
            }
            let clock = try await store.database.first(
                store.statements["deadlines/find_clock"], deadline, party, awaited
            ) { row in
                let (isOwn, state) = (try row.next(Bool.self), try row.next(String.self))
                let (isFixed, isExtended) = (try row.next(Bool.self), try row.next(Bool.self))
                return Clock(
                    isOwn: isOwn, state: state, isFixed: isFixed, isExtended: isExtended,
                    extensionDays: try row.next(Int?.self), isKnown: try row.next(Bool.self))
            }
            guard let clock else { throw ClockError.unknown }
            if let refusal = clock.refusal(of: change) { throw refusal }
        }
        throw ClockError.changed
    }

    /// One deadline in whatever state.
    public func deadline(_ id: UUID, now: Date) async throws -> JSONDocument {
        let (none, nobody): (String?, UUID?) = (nil, nil)
        let found = try await store.database.first(
            store.statements["deadlines/list_deadlines"], nobody, none, none, none, none, none, 1, now, id
        ) { row in
            _ = try row.next(String.self)
            return JSONDocument(text: try row.next(String.self))
        }
        guard let found else { throw ClockError.unknown }
        return found
    }

    private func takes(_ change: ClockChange, of deadline: UUID, by party: UUID, now: Date) async throws -> Bool {
        switch change {
        case .pause(let reason, let code):
            try ProductListing.checkText(reason, "reason", limit: 2_000)
            return try await id("deadlines/stop_clock", deadline, party, reason, code, now)
        case .resume: return try await id("deadlines/start_clock", deadline, party, now)
        case .extend(let reason, let days):
            try ProductListing.checkText(reason, "reason", limit: 2_000)
            guard days.map((1...3660).contains) ?? true else {
                throw InvalidInput("days", "An extension has 1 to 3660 days.")
            }
            return try await id("deadlines/lengthen_clock", deadline, party, reason, days, now)
        }
    }

    private func id(_ statement: String, _ parameters: (any PostgresParameter)?...) async throws -> Bool {
        try await store.database.first(store.statements[statement], values: parameters) { try $0.next(UUID.self) }
            != nil
    }

    /// What is known of a clock when it refused a change.
    private struct Clock {
        let isOwn: Bool
        let state: String
        let isFixed, isExtended: Bool
        let extensionDays: Int?
        let isKnown: Bool

        func refusal(of change: ClockChange) -> (any Error)? {
            guard isOwn else { return ClockError.notYours }
            if isFixed { return ClockError.fixedDay }
            switch (change, state) {
            case (.pause, "paused"): return ClockError.alreadyPaused
            case (.resume, "running"): return ClockError.notPaused
            case (.resume, "paused"): return ClockError.stoppedByStep
            case (_, "running"): break
            default: return ClockError.notRunning(state)
            }
            switch change {
            case .pause(_, let code) where !isKnown:
                return InvalidInput("waiting_for", "No party has the code \(code).")
            case .extend where isExtended: return ClockError.alreadyExtended
            case .extend(_, let days):
                guard let extensionDays else { return ClockError.notExtensible }
                return (days ?? 0) > extensionDays ? ClockError.tooManyDays(allowed: extensionDays) : nil
            default: return nil
            }
        }
    }
}

public enum ClockError: MarketplaceError {
    case unknown, notYours, fixedDay, alreadyPaused, notPaused, stoppedByStep, changed
    case notRunning(String)
    case alreadyExtended, notExtensible, tooManyDays(allowed: Int)

    public var code: RefusalCode {
        switch self {
        case .unknown: .notFound
        case .notYours: .forbidden
        case .tooManyDays: .unprocessable
        default: .conflict
        }
    }

    public var field: String? { if case .tooManyDays = self { "days" } else { nil } }

    public var message: String {
        switch self {
        case .unknown: "No deadline has this id."
        case .notYours: "This duty is another party's; only who has to act changes its clock."
        case .fixedDay: "This duty ends with the period of a paper; its clock neither stands nor is it extended."
        case .alreadyPaused: "The clock stands already."
        case .notPaused: "The clock does not stand."
        case .stoppedByStep: "The clock was stopped by a step of what it is about; the next step lets it run on."
        case .changed: "The clock changed at the same moment; please try again."
        case .notRunning(let state): "The clock does not run: the duty is \(state)."
        case .alreadyExtended: "This duty was extended before; that may happen once."
        case .notExtensible: "The policy of this duty allows no extension."
        case .tooManyDays(let allowed): "The policy of this duty allows an extension of at most \(allowed) days."
        }
    }
}
