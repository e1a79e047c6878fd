import Foundation
import Marketplace
import Postgres
import SQLFiles
import TestSupport
import Testing

@Suite struct QueryFileTests {
    @Test func `every query file prepares against the migrated schema`() async throws {
        let files = try SQLFiles.files(in: .queries) + SQLFiles.files(in: .metrics)
        #expect(files.count > 40)
        try await TestMarket.with { _, database in
            for file in files where !file.text.contains("\nCOPY ") {
                try await database.withConnection { connection in
                    do {
                        try await connection.script("PREPARE checked AS \(file.text); DEALLOCATE checked")
                    } catch let error as PostgresError {
                        Issue.record("\(file.name): \(error.detailForLog)")
                    }
                }
            }
        }
    }

    @Test func `every statement that the program names has a file`() throws {
        let names = Set(try Statements().all.map(\.name))
        let sources = root.appendingPathComponent("Sources/Marketplace")
        var used = Set(Metric.files + Metric.earlier)
        for path in FileManager.default.enumerator(atPath: sources.path)?.compactMap({ $0 as? String }) ?? []
        where path.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
            for match in text.matches(of: /"([a-z]+\/[a-z_]+)"/)
            where !["application", "text"].contains(match.1.prefix { $0 != "/" }) {
                used.insert(String(match.1))
            }
        }
        for name in used
        where SQLFiles.Folder.allCases.map(\.rawValue).contains(String(name.prefix { $0 != "/" })) == false {
            #expect(names.contains(name), "\(name) has no file")
        }
        for name in names { #expect(used.contains(name), "\(name) is used by nothing") }
    }

    @Test func `every query file says first what it answers, and selects no star`() throws {
        for file in try SQLFiles.files(in: .queries) {
            #expect(file.text.hasPrefix("-- "), "\(file.name)")
            #expect(!file.text.contains("SELECT *"), "\(file.name)")
        }
    }

    @Test func `statements on an enterprise's tables name the enterprise`() throws {
        // Declared exceptions: checks over the whole market or its log, and the metrics, which read across enterprises.
        let across = [
            "operations/verify_market", "operations/is_empty", "receipts/list_leaves", "receipts/count_waiting",
            "receipts/list_waiting",
            "catalog/delete_unreferenced",
        ]
        let tables =
            /\b(FROM|JOIN|INTO|UPDATE)\s+(purchase|purchase_transition|entitlement|usage_event|usage_event_key|usage_total|usage_window|market_event|agreement|webhook_delivery|log_leaf|command_key|purchase_decision|purchase_command|entitlement_grant|grant_use|correction|correction_step|billing_period|invoice|invoice_line|invoice_usage|credit_note|payment_match|ledger_posting|delivery|entitlement_mark|entitlement_rendition|sharing_credential|any_usage_event|recalled_usage|usage_recall)\b/
        for file in try SQLFiles.files(in: .queries) where !across.contains(file.name) && file.text.contains(tables) {
            #expect(file.text.contains("enterprise_id"), "\(file.name)")
        }
    }
}

@Suite struct SchemaTests {
    @Test func `tables of an enterprise have the enterprise first in their key`() async throws {
        try await TestMarket.with { _, database in
            let wrong = try await database.all(
                Statement(
                    name: "test/keys",
                    text: """
                        SELECT class.relname::text FROM pg_class AS class
                        JOIN pg_attribute AS enterprise ON enterprise.attrelid = class.oid
                            AND enterprise.attname = 'enterprise_id'
                        JOIN pg_index AS key ON key.indrelid = class.oid AND key.indisprimary
                        WHERE class.relkind IN ('r', 'p') AND class.relname <> 'adoption_feed' -- a queue, read by nobody's own
                            AND key.indkey[0] <> enterprise.attnum
                        """)
            ) { try $0.next(String.self) }
            #expect(wrong == [])
        }
    }

    @Test func `foreign keys between tables of an enterprise hold the enterprise`() async throws {
        try await TestMarket.with { _, database in
            let wrong = try await database.all(
                Statement(
                    name: "test/references",
                    text: """
                        SELECT conname::text FROM pg_constraint AS reference
                        WHERE contype = 'f' AND conparentid = 0
                            AND confrelid::regclass::text IN
                                ('purchase', 'purchase_transition', 'entitlement', 'usage_event', 'command_key', 'entitlement_grant',
                                'correction', 'market_event', 'agreement', 'log_leaf', 'billing_period', 'invoice', 'credit_note',
                                'ledger_posting')
                            AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid
                                AND attname = 'enterprise_id' AND attnum = ANY(conkey))
                        """)
            ) { try $0.next(String.self) }
            #expect(wrong == [])
        }
    }

    @Test func `schema.sql is what the migrations make`() async throws {
        let kept = try String(contentsOf: root.appendingPathComponent("sql/schema.sql"), encoding: .utf8)
        try await TestMarket.with { _, database in
            let name = try await database.first(
                Statement(name: "test/name", text: "SELECT current_database()::text")
            ) { try $0.next(String.self) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = [root.appendingPathComponent("script/schema").path, try TestMarket.url(of: name ?? "")]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(String(decoding: output, as: UTF8.self) == kept, "run script/test --schema to write it anew")
        }
    }
}

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
