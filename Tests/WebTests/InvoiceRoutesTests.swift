import Foundation
import FoundationXML
import Marketplace
import Postgres
import TestSupport
import Testing

@testable import Web

@Suite struct InvoiceRoutesTests {
    /// The first of three invoices of the bank, with two kinds of use.
    private func withInvoice(_ work: @Sendable @escaping (WebFixture, String) async throws -> Void) async throws {
        try await WebFixture.with { web in
            let billing = BillingFixture(market: web.market, database: web.database, fixtures: web.fixtures)
            try await billing.offer(
                "OF-M", kind: "combined", price: 12_345, prices: ["call": "33.333333", "row": "0.017"], maximum: 13_000)
            let begin = Date().addingTimeInterval(-100 * 86_400)
            let bought = try await billing.purchase("OF-M", by: web.fixtures.bank, at: begin)
            for hour in 1...7 {
                let moment = begin.addingTimeInterval(Double(hour) * 3600.25)
                try await billing.use(bought, "call", hour, at: moment)
                try await billing.use(bought, "row", hour * 1000, at: moment)
            }
            #expect(try await web.market.billing.bill(now: Date()).issued == 3)
            let list = try await web.send("GET", "/v1/invoices", as: .enterprise)
            let first = (list.json["items"] as? [[String: Any]])?.first { $0["number"] as? String == "INV-000001" }
            let id = first?["id"] as? String
            try await work(web, try #require(id))
        }
    }

    @Test func `the script recomputes the invoice from its export to the cent`() async throws {
        try await withInvoice { web, id in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let invoice = try await web.send("GET", "/v1/invoices/\(id)", as: .enterprise)
            let usage = try await web.send("GET", "/v1/invoices/\(id)/usage", as: .enterprise)
            #expect(usage.text.split(separator: "\n").count == 15)
            let (stated, export) = (folder.appendingPathComponent("a"), folder.appendingPathComponent("b"))
            try invoice.body.write(to: stated)
            try usage.body.write(to: export)
            #expect(try recompute(stated, export) == 0)
            try Data(usage.text.replacingOccurrences(of: ",row,7000", with: ",row,7001").utf8).write(to: export)
            #expect(try recompute(stated, export) != 0)
        }
    }

    private func recompute(_ invoice: URL, _ usage: URL) throws -> Int32 {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", root.appendingPathComponent("script/recompute_invoice.py").path, invoice.path, usage.path,
        ]
        (process.standardOutput, process.standardError) = (Pipe(), Pipe())
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test func `an invoice is JSON, a table or UBL, and each line leads to who answers`() async throws {
        try await withInvoice { web, id in
            let path = "/v1/invoices/\(id)"
            let table = try await web.send("GET", path, as: .enterprise, headers: ["Accept": "text/csv"])
            #expect(table.text.split(separator: "\r\n").count == 5)
            let xml = try await web.send("GET", "\(path)?format=xml", as: .operator)
            #expect(xml.headers["content-type"] == "application/xml; charset=utf-8")
            let parsed = try XMLCheck(xml.body)
            #expect(parsed.texts["cbc:PayableAmount"] == ["137.81"])
            #expect(parsed.texts["cbc:LineExtensionAmount"]?.first == "130.00")
            #expect(parsed.texts["cbc:TaxAmount"]?.first == "7.81")
            #expect(parsed.texts["cbc:CompanyID"]?.contains("CN\(Fixtures.sellerCode)") == true)
            let chain = try await web.send("GET", "\(path)/lines/1/responsibility", as: .enterprise)
            #expect((chain.json["links"] as? [Any])?.count == 8)
            #expect(try await web.send("GET", "\(path)/lines/9/responsibility", as: .enterprise).status == 404)
            #expect(try await web.send("GET", "\(path)?format=pdf", as: .enterprise).status == 400)
        }
    }

    /// Every text of a well-formed document by element name.
    private final class XMLCheck: NSObject, XMLParserDelegate {
        var texts: [String: [String]] = [:]
        private var current = ""

        init(_ data: Data) throws {
            super.init()
            let parser = XMLParser(data: data)
            parser.delegate = self
            try #require(parser.parse())
        }

        func parser(
            _: XMLParser, didStartElement _: String, namespaceURI _: String?, qualifiedName _: String?,
            attributes _: [String: String]
        ) { current = "" }
        func parser(_: XMLParser, foundCharacters string: String) { current += string }
        func parser(_: XMLParser, didEndElement name: String, namespaceURI _: String?, qualifiedName _: String?) {
            texts[name, default: []].append(current)
        }
    }

    @Test func `another enterprise's invoice does not exist, and only the issuer gives back, once per key`()
        async throws
    {
        try await withInvoice { web, id in
            let other = try await web.market.accounts.createToken(
                party: Fixtures.insurerCode, role: .enterprise, days: 1, now: Date()
            ).token
            let foreign = try await web.send(
                "GET", "/v1/invoices/\(id)", headers: ["Authorization": "Bearer \(other)"])
            #expect(foreign.status == 404)
            let body = Data(#"{"amount_minor": 1000, "reason": "agreed"}"#.utf8)
            let path = "/v1/invoices/\(id)/credit-notes"
            let headers = ["Idempotency-Key": "one", "Content-Type": "application/json"]
            #expect(try await web.send("POST", path, as: .enterprise, headers: headers, body: body).status == 403)
            let first = try await web.send("POST", path, as: .operator, headers: headers, body: body)
            let again = try await web.send("POST", path, as: .operator, headers: headers, body: body)
            #expect(first.status == 201 && again.headers["idempotency-replayed"] == "true")
            #expect(again.json["credited_minor"] as? Int == 1000)
            let much = Data(#"{"amount_minor": 99999999, "reason": "agreed"}"#.utf8)
            let above = try await web.send(
                "POST", path, as: .operator, headers: ["Idempotency-Key": "two", "Content-Type": "application/json"],
                body: much)
            #expect(above.status == 409 && above.json["field"] as? String == "amount_minor")
        }
    }

    @Test func `a statement is recorded over HTTP, and the ledger sums to zero`() async throws {
        try await withInvoice { web, _ in
            let rows = Data(
                "date,amount,currency,payer,reference\n2026-01-01,137.81,CNY,Bank,INV-000001\nx,1,CNY,A,B\n".utf8)
            let report = try await web.send(
                "POST", "/v1/payments/statements", as: .operator, headers: ["Content-Type": "text/csv"], body: rows)
            #expect(report.status == 201 && report.json["matched"] as? Int == 1)
            #expect((report.json["problems"] as? [[String: Any]])?.first?["field"] as? String == "line 3: date")
            let paid = try await web.send("GET", "/v1/invoices?state=paid", as: .operator)
            #expect((paid.json["items"] as? [Any])?.count == 1)
            let ledger = try await web.send("GET", "/v1/ledger", as: .administrator)
            #expect((ledger.json["sums"] as? [[String: Any]])?.allSatisfy { $0["sum_minor"] as? Int == 0 } == true)
            let own = try await web.send("GET", "/v1/ledger?party=\(Fixtures.bankCode)", as: .administrator)
            #expect((own.json["items"] as? [Any])?.count == 7)
            #expect(try await web.send("GET", "/v1/ledger", as: .operator).status == 403)
        }
    }

    @Test func `the pages of bills, income and ledger show in both languages`() async throws {
        try await withInvoice { web, id in
            let pages: [(String, Role)] = [
                ("/bills", .enterprise), ("/bills/\(id)", .enterprise), ("/bills/\(id)", .operator),
                ("/income", .operator),
                ("/ledger", .administrator), ("/ledger?party=\(Fixtures.bankCode)", .administrator),
            ]
            for (path, role) in pages {
                for language in ["zh", "en"] {
                    let mark = path.contains("?") ? "&" : "?"
                    let page = try await web.send("GET", "\(path)\(mark)lang=\(language)", as: role)
                    #expect(page.status == 200, "\(path)")
                    if path != "/ledger" {
                        #expect(page.text.contains(path.hasPrefix("/ledger") ? "130.00" : "INV-000001"))
                    }
                }
            }
        }
    }
}
