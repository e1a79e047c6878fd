import ArgumentParser
import Marketplace

/// Recomputes what can be recomputed and names what differs.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute hashes and check the chain; exit status 1 when something differs.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { workplace in
            var wrong = 0
            for check in try await workplace.market.operations.verify() {
                print(
                    "\(check.wrong == 0 ? "ok   " : "WRONG") \(check.name): \(check.checked) checked, \(check.wrong) wrong"
                )
                wrong += check.wrong
            }
            if wrong > 0 { throw ExitCode(1) }
        }
    }
}
