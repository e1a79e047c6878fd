import Foundation
import Marketplace
import TestSupport
import Testing

/// Every paged list of the interface, with the query that its cursors are tied to and keys that are none of it.
@Suite struct ForgedCursorTests {
    /// What a list is asked for by, in a market with one purchase.
    private struct Places {
        let entry, entitlement, importID, purchase, webhook: String
        let bank, seller, administration: UUID
    }

    private struct List {
        let path: String
        let role: Role?
        let query: String
        let keys: [String]
        /// A key that the list could have given out.
        let fitting: String
    }

    private static let id = "01900000-0000-7000-8000-000000000000"
    private static let noID = ["", "x", "12", "01900000-0000-7000-8000-00000000000", "\(id) \(id)", "{}"]
    private static let noCode = ["", " ", "A B", "{\"code\": 1}", "'; SELECT 1"]
    private static let noNumber = ["", "x", "1.5", "99999999999", "1e400", "1 1"]
    private static let noDay = ["", "2026", "2026-02-30", "infinity", "2026-01-01 x"]

    private static func lists(_ at: Places) throws -> [List] {
        let (product, entry) = ("/v1/products/DP-FLOOD-001", "/v1/directory/entries/\(at.entry)")
        let noDeadline = noDay + ["2026-02-30 \(id)", "2026-01-01 1", "2026-01-01 \(id) 1"]
        let noNotice = [
            "", "true", "maybe \"2026-01-01T00:00:00Z\" \(id)", "true 2026 \(id)",
            "true \"2026-13-01T00:00:00Z\" \(id)",
            "true \"2026-01-01T00:00:00Z\" 1", "true \"2026-01-01T00:00:00Z\"",
        ]
        return [
            List(path: "/v1/directory/entries", role: nil, query: "entries?q=", keys: noCode, fitting: "A-1"),
            List(
                path: "/v1/search", role: nil, query: "search?q=&[]",
                keys: ["", "1", "1 2", "x 1 A-1", "1 x A-1", "1 inf A-1", "1 1 A B", "1.5 1 A-1", "1 1 {}"],
                fitting: "1 2.5 A-1"),
            List(
                path: "/v1/search/synonyms", role: nil, query: "synonyms", keys: ["", " ", "61 62", "{}"],
                fitting: "6162"),
            List(path: "\(entry)/history", role: nil, query: "history of \(at.entry)", keys: noNumber, fitting: "1"),
            List(
                path: "\(entry)/impact", role: .administrator, query: "impact of \(at.entry)",
                keys: ["", "1", "3 x", "3 \(id) 1", "4 \(id)", "2 A B", id], fitting: "3 \(id)"),
            List(
                path: "/v1/directory/drafts", role: .administrator, query: "drafts of \(at.administration) ",
                keys: noID,
                fitting: id
            ),
            List(path: "/v1/directory/imports", role: .administrator, query: "imports of ", keys: noID, fitting: id),
            List(
                path: "/v1/directory/imports/\(at.importID)/problems", role: .administrator,
                query: "problems of \(at.importID.uppercased())", keys: noNumber, fitting: "1"),
            List(
                path: "/v1/notices", role: .enterprise, query: "notices \(at.bank)", keys: noNotice,
                fitting: "false \"2026-01-01T00:00:00.123456+00:00\" \(id)"),
            List(
                path: "/v1/parties/91350000MA0000001J/responsibilities", role: nil,
                query: "responsibilities of 91350000MA0000001J", keys: noID, fitting: id),
            List(
                path: "/v1/deadlines", role: .administrator, query: "deadlines all \(try DeadlineFilter())",
                keys: noDeadline, fitting: "2026-01-01 \(id)"),
            List(
                path: "/v1/policies", role: nil, query: "policies", keys: ["", "a", "a b", "a 1.5", "1 2 3"],
                fitting: "a_rule 2912345"),
            List(path: "/v1/calendar?year=2026", role: nil, query: "calendar 2026", keys: noDay, fitting: "2026-01-01"),
            List(
                path: "/v1/corrections", role: .administrator,
                query: "corrections \(at.administration) \(Role.administrator) ", keys: noID, fitting: id),
            List(path: "/v1/consents", role: .administrator, query: "consents of all", keys: noID, fitting: id),
            List(path: "/v1/conditions/flags", role: .administrator, query: "flags?state=", keys: noID, fitting: id),
            List(
                path: "/v1/listings", role: .operator, query: "products of \(at.seller)", keys: noCode, fitting: "A-1"),
            List(path: "/v1/products", role: nil, query: "products?q=", keys: noCode, fitting: "A-1"),
            List(path: "\(product)/offers", role: nil, query: "offers of DP-FLOOD-001", keys: noCode, fitting: "A-1"),
            List(
                path: "\(product)/suspensions", role: .operator, query: "suspensions of DP-FLOOD-001",
                keys: ["", "x \(id)", "20260101000000000000", "20260101000000000000 1", id],
                fitting: "20260101000000000000 \(id)"),
            List(path: "/v1/scenarios", role: nil, query: "scenarios?domain=&batch=&q=", keys: noCode, fitting: "A-1"),
            List(path: "/v1/purchases", role: .enterprise, query: "purchases of \(at.bank) ", keys: noID, fitting: id),
            List(
                path: "/v1/sales", role: .operator, query: "sales of \(at.seller) ",
                keys: noID + ["2 \(id)", "0", "1 x"], fitting: "1 \(id)"),
            List(
                path: "/v1/entitlements", role: .enterprise, query: "entitlements of \(at.bank)", keys: noID,
                fitting: id),
            List(
                path: "/v1/entitlements/\(at.entitlement)/usage", role: .enterprise,
                query: "usage of \(at.entitlement.uppercased())",
                keys: noID + [
                    id, "2026 \(id) call", "\"2026-13-01T00:00:00Z\" \(id) call", "\"2026-01-01T00:00:00Z\" 1 call",
                    "\"2026-01-01T00:00:00Z\" \(id)",
                ],
                fitting: "\"2026-01-01T00:00:00.123456+00:00\" \(id) call"),
            List(path: "/v1/meters", role: nil, query: "meters", keys: noCode, fitting: "call"),
            List(
                path: "/v1/entitlements/\(at.entitlement)/deliveries", role: .enterprise,
                query: "deliveries of \(at.entitlement.uppercased())",
                keys: noID + [id, "2026 \(id)", "\"2026-13-01T00:00:00Z\" \(id)", "\"2026-01-01T00:00:00Z\" 1"],
                fitting: "\"2026-01-01T00:00:00.123456+00:00\" \(id)"),
            List(
                path: "\(product)/revisions", role: nil, query: "revisions of DP-FLOOD-001", keys: noNumber,
                fitting: "2"),
            List(
                path: "/v1/purchases/\(at.purchase)/receipts", role: .enterprise,
                query: "receipts of \(at.purchase.uppercased())", keys: noID, fitting: id),
            List(
                path: "\(product)/price-ceilings", role: nil, query: "ceilings of DP-FLOOD-001", keys: noID,
                fitting: id),
            List(
                path: "/v1/price-reports/2026", role: .administrator, query: "price reports of 2026", keys: noCode,
                fitting: "A-1"),
            List(
                path: "/v1/invoices", role: .enterprise, query: "invoices \(at.bank) enterprise ", keys: noID,
                fitting: id),
            List(
                path: "/v1/payments", role: .operator, query: "payments \(at.seller) operator ", keys: noID,
                fitting: id),
            List(path: "/v1/ledger", role: .administrator, query: "ledger ", keys: noNumber, fitting: "1"),
            List(path: "/v1/webhooks", role: .enterprise, query: "webhooks \(at.bank)", keys: noID, fitting: id),
            List(
                path: "/v1/webhooks/\(at.webhook)/deliveries", role: .enterprise,
                query: "deliveries \(at.webhook.uppercased()) ", keys: noID, fitting: id),
            List(path: "/v1/adoption/panels", role: .analyst, query: "panels", keys: noCode, fitting: "A-1"),
            List(
                path: "/v1/adoption/panels/test-panel", role: .analyst, query: "panel test-panel", keys: noNumber,
                fitting: "2"),
            List(
                path: "/v1/adoption/panels/test-panel/members", role: .analyst, query: "members of test-panel 1",
                keys: noCode, fitting: "A-1"),
            List(
                path: "/v1/adoption/disclosures/authorised-operation?year=2026", role: .analyst,
                query: "authorised operation of 2026", keys: noID, fitting: id),
            List(
                path: "/v1/adoption/new-companies", role: .analyst, query: "new companies ", keys: noCode,
                fitting: "A-1"),
            List(path: "/v1/adoption/snapshots", role: .analyst, query: "snapshots", keys: noID, fitting: id),
            List(
                path: "/v1/adoption/exact-figures", role: .administrator, query: "exact figures", keys: noID,
                fitting: id),
        ]
    }

    @Test func `a forged cursor is refused by every list, with the field it stands in`() async throws {
        try await WebFixture.with { web in
            let lists = try Self.lists(try await Self.places(in: web))
            for (place, list) in lists.enumerated() {
                let plain = try await web.send("GET", list.path, as: list.role)
                #expect(plain.status == 200, "\(list.path): \(plain.text)")
                let real = try await Self.ask(list, Self.forged(list.fitting, query: list.query), web)
                #expect(real.status == 200, "\(list.path): \(real.text)")
                let other = lists[(place + 1) % lists.count].query
                for key in list.keys {
                    let answer = try await Self.ask(list, Self.forged(key, query: list.query), web)
                    // Else the query above is not the list's, and its key was never looked at.
                    #expect(answer.json["detail"] as? String != Self.foreign, "\(list.path) '\(key)'")
                    Self.expectRefused(answer, "\(list.path) '\(key)'")
                }
                for cursor in ["x", "%00", Self.forged(list.keys[0], query: other), "e30"] {
                    Self.expectRefused(try await Self.ask(list, cursor, web), "\(list.path) \(cursor)")
                }
            }
        }
    }

    @Test func `the list of lists is whole`() async throws {
        try await WebFixture.with { web in
            let contract = try await web.send("GET", "/openapi.json").json
            let paths = contract["paths"] as? [String: [String: Any]] ?? [:]
            let paged = paths.filter {
                $0.key.hasPrefix("/v1/") && "\($0.value["get"] ?? "")".contains("parameters/cursor")
            }
            #expect(try paged.count == Self.lists(try await Self.places(in: web)).count, "\(paged.keys.sorted())")
        }
    }

    private static let foreign = "This cursor belongs to another query; start again without a cursor."

    private static func ask(_ list: List, _ cursor: String, _ web: WebFixture) async throws -> WebFixture.Answer {
        let joint = list.path.contains("?") ? "&" : "?"
        return try await web.send("GET", "\(list.path)\(joint)cursor=\(cursor)", as: list.role)
    }

    private static func expectRefused(_ answer: WebFixture.Answer, _ what: String) {
        #expect(answer.status == 400 && answer.json["field"] as? String == "cursor", "\(what): \(answer.text)")
        #expect(answer.headers["content-type"]?.hasPrefix("application/problem+json") == true)
    }

    /// A cursor as the market makes it, with a key of our own.
    private static func forged(_ key: String, query: String) -> String {
        let mark = SHA256.digest(Array(query.utf8)).prefix(6).map { String(format: "%02x", $0) }.joined()
        return Data("\(mark) \(key)".utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    private static func places(in web: WebFixture) async throws -> Places {
        _ = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
        _ = try await web.send(
            "POST", "/v1/webhooks", as: .enterprise, headers: ["Content-Type": "application/json"],
            body: Data(#"{"url": "https://example.org/market-events"}"#.utf8))
        try await Fixtures.panel(
            members: "enterprise_code,reason\n\(Fixtures.bankCode),first\n", in: web.market, now: Date())
        let first = { (path: String, member: String, role: Role) in
            let items = try await web.send("GET", path, as: role).json["items"] as? [[String: Any]]
            return try #require(items?.first?[member] as? String)
        }
        return Places(
            entry: try await first("/v1/directory/entries", "code", .administrator),
            entitlement: try await first("/v1/entitlements", "id", .enterprise),
            importID: try await first("/v1/directory/imports", "id", .administrator),
            purchase: try await first("/v1/purchases", "id", .enterprise),
            webhook: try await first("/v1/webhooks", "id", .enterprise),
            bank: web.fixtures.bank, seller: web.fixtures.seller, administration: web.fixtures.administration)
    }
}
