import Demonstration
import Foundation
import Marketplace

/// How one gets into the demonstration market: a token and a user with a password for each role, in two files that only their
/// owner reads, kept as long as all that is in them is still good.
struct DemonstrationAccess {
    let workplace: Workplace
    private var accounts: Accounts { workplace.market.accounts }

    func write(_ bodies: CSVTable, now: Date) async throws {
        let parties = try parties(bodies)
        try await keep("tokens.json", for: parties) { _, token in
            try await accounts.account(token: token, now: now) != nil
        } making: { role, party in
            try await accounts.createToken(party: party, role: role, days: 365, now: now).token
        }
        try await keep("passwords.json", for: parties) { name, password in
            try await accounts.holds(password: password, of: name)
        } making: { role, party in
            let password = try Accounts.randomPassword()
            try await accounts.setPassword(password, of: role.rawValue, party: party, role: role, now: now)
            return password
        }
    }

    /// The code of the party that has each role.
    private func parties(_ bodies: CSVTable) throws -> [Role: String] {
        let enterprises = try CSVTable(
            DemonstrationMarket.bytes(of: Demonstration.folder.appendingPathComponent("market/enterprises.csv")))
        var parties: [Role: String] = [:]
        for role in Role.allCases {
            parties[role] =
                role == .enterprise
                ? enterprises.records.first.flatMap { enterprises.cell("code", of: $0) }
                : DemonstrationMarket.body(role.rawValue, in: bodies)
        }
        return parties
    }

    /// `{"enterprise": "…", "operator": "…", "administrator": "…", "analyst": "…"}`; a user is named as its role.
    private func keep(
        _ name: String, for parties: [Role: String], ifGood isGood: (String, String) async throws -> Bool,
        making make: (Role, String) async throws -> String
    ) async throws {
        let file = workplace.home.appendingPathComponent(name)
        let kept = FileManager.default.contents(atPath: file.path).flatMap {
            try? JSONDecoder().decode([String: String].self, from: $0)
        }
        if let kept, Set(kept.keys) == Set(Role.allCases.map(\.rawValue)) {
            var good = 0
            for (role, secret) in kept where try await isGood(role, secret) { good += 1 }
            if good == kept.count { return }
        }
        var made: [String: String] = [:]
        for (role, party) in parties { made[role.rawValue] = try await make(role, party) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: try encoder.encode(made), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
    }
}
