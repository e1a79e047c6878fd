import ArgumentParser
import Foundation
import Marketplace

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute the market, its log, its snapshots or a receipt; exit status 1 when something differs.",
        subcommands: [VerifyMarket.self, VerifyLog.self, VerifySnapshots.self, VerifyReceipt.self],
        defaultSubcommand: VerifyMarket.self)
}

/// Recomputes what can be recomputed and names what differs.
struct VerifyMarket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "market",
        abstract: "Recompute hashes, totals and the chain; what waits for the log is recorded and counted first.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { workplace in
            let market = workplace.market
            let recorded = try await market.notary.verify(now: { Date() })
            try await market.totals.catchUp()
            var wrong = 0
            let checks =
                try await market.operations.verify() + [
                    market.content.verify(), recorded, market.searchIndex.verify(now: Date()),
                    market.snapshots.verify(),
                ] + market.totals.verify()
            for check in checks {
                print(
                    "\(check.wrong == 0 ? "ok   " : "WRONG") \(check.name): \(check.checked) checked, \(check.wrong) wrong"
                )
                for place in check.named { print("      \(place)") }
                wrong += check.wrong
            }
            if wrong > 0 { throw ExitCode(1) }
        }
    }
}

/// Recomputes the whole log and follows its heads.
struct VerifyLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Recompute the log's tree from its records, and check the chain of its heads.")

    @Option(help: "An older head, as /v1/log/heads/latest answered it: a history that was rewritten since is found.")
    var head: String?

    func run() async throws {
        bootstrapLogging()
        let kept = try head.map { try readFile($0) }
        try await Workplace.run { workplace in
            let found = try await workplace.withoutStatementLimit { market in
                try await market.log.verify(kept: kept, keys: market.keys)
            }
            for problem in found.problems { print("WRONG \(problem)") }
            if !found.problems.isEmpty { throw ExitCode(1) }
            print(
                "ok    \(found.leaves) leaves, \(found.heads) heads\(kept == nil ? "" : ", and the head that was kept")"
            )
        }
    }
}

/// Verifies a receipt without the market.
struct VerifyReceipt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Verify a receipt offline.",
        discussion: "Without --keys it is shown that nothing was changed, but not whose keys signed it.")

    @Argument(help: "The receipt, as /v1/receipts/… answered it.") var file: String
    @Option(help: "The market's keys, as /v1/keys answered them.") var keys: String?
    @Option(help: "The agreement that the receipt is held against.") var agreement: String?

    func run() throws {
        let check = ReceiptCheck(
            try readFile(file), keys: try keys.map { try readFile($0) },
            agreement: try agreement.map { try readFile($0) })
        for problem in check.problems { print("WRONG \(problem)") }
        if !check.problems.isEmpty { throw ExitCode(1) }
        print("ok    \(file)\(keys == nil ? " (by the keys in it; --keys says whose they are)" : "")")
        print(check.summary)
    }
}

private func readFile(_ path: String) throws -> [UInt8] {
    do {
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
        throw ValidationError("\(path) cannot be read.")
    }
}
