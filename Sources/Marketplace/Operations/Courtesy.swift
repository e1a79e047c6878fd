import Foundation
import Postgres

/// Lets those who wait for an answer go first: while the market serves others, work in the background rests several times as
/// long as it works. A lower priority of its thread would not do, since half of the work is PostgreSQL's.
struct Courtesy: Sendable {
    private let database: Database
    private let restsPerWork: Double
    private var begin = Date()
    private var served: Int
    /// Below it nobody notices, and looking at the clock costs little.
    private static let shortest = 0.01
    private static let longest = 2.0
    private static let busyStatementsPerSecond = 100.0
    /// So many are the market's own, of what follows the work in the background, and nobody waits for those.
    private static let ownStatements = 10.0

    init(to database: Database, restsPerWork: Double = 4) {
        self.database = database
        self.restsPerWork = restsPerWork
        served = database.statistics.served
    }

    /// How long to rest now, in seconds; nil to go on.
    mutating func rest() -> TimeInterval? {
        let worked = -begin.timeIntervalSinceNow
        guard worked >= Self.shortest else { return nil }
        let now = database.statistics.served
        let isBusy = Double(now - served) > max(Self.ownStatements, Self.busyStatementsPerSecond * worked)
        let rest = isBusy ? min(restsPerWork * worked, Self.longest) : nil
        (begin, served) = (Date(timeIntervalSinceNow: rest ?? 0), now)
        return rest
    }
}
