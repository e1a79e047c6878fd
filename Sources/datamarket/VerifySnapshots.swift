import ArgumentParser
import Marketplace

/// Recomputes the figures that were kept.
struct VerifySnapshots: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshots",
        abstract: "Recompute every snapshot of adoption and name those that differ in result, hash or signature.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { workplace in
            var (same, others, wrong) = (0, 0, 0)
            try await workplace.withoutStatementLimit { market in
                // A market that was brought up to date may have no totals yet.
                try await market.totals.follow()
                try await market.snapshots.verify { check in
                    let id = check.id.uuidString.lowercased()
                    for problem in check.problems { print("WRONG \(id): \(problem)") }
                    if !check.problems.isEmpty {
                        wrong += 1
                    } else if check.isOfAnotherDefinition {
                        others += 1
                        print("other \(id): recorded under another definition; its hash and signatures are right")
                    } else {
                        same += 1
                    }
                }
            }
            if wrong > 0 { throw ExitCode(1) }
            print("ok    \(same + others) snapshots, \(others) of them recorded under another definition")
        }
    }
}
