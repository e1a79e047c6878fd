import Foundation
import Marketplace
import TestSupport
import Testing

/// The verifier in Python, which shares no code with the market.
@Suite struct ReceiptScriptTests {
    @Test func `the script verifies a receipt, finds every change of it, and openssl verifies the SM2 signatures`()
        async throws
    {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let now = Fixtures.day.addingTimeInterval(3600)
            for key in ["k1", "k2", "k3"] {
                _ = try await market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: fixtures.bank,
                    key: IdempotencyKey(key), body: Array(key.utf8), now: now)
            }
            _ = try await market.notary.record(now: now)
            let receipt = try await market.receipts.receipt("1", for: fixtures.bank, now: now)
            let record = try fields(receipt)["record"] as? [String: Any]
            let purchase = try #require(UUID(uuidString: record?["purchase"] as? String ?? ""))
            let agreement = try await market.receipts.agreement(of: purchase, for: fixtures.bank, now: now)

            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let files = [("receipt", receipt), ("keys", try await market.keys.document()), ("agreement", agreement)]
            for (name, document) in files {
                try Data(document.text.utf8).write(to: folder.appendingPathComponent(name))
            }
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["python3", root.appendingPathComponent("Receipts/check_receipt.py").path]
                + files.map { folder.appendingPathComponent($0.0).path }
            let output = Pipe()
            (process.standardOutput, process.standardError) = (output, output)
            try process.run()
            let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(said)")
            #expect(said.contains("changes of bytes were found"), "\(said)")
        }
    }
}
