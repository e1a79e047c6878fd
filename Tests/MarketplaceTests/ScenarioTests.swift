import Foundation
import Marketplace
import ScenarioFiles
import TestSupport
import Testing

@Suite struct ScenarioTests {
    private let document = """
        code: SC-2025-900
        batch: 3
        title: {zh: 智慧农业, en: Smart agriculture}
        domain: industrial_development
        published_on: 2025-04-29
        source: {url: "https://example.org", confidence: reported}
        """

    @Test func `a published document can be opened, and publishing it again changes nothing`() async throws {
        try await TestMarket.with { market, _ in
            let party = try await Fixtures.make(in: market).administration
            let scenario = try ScenarioDocument(yaml: document)
            #expect(try await market.scenarios.publish(scenario, by: party, now: Fixtures.day) == .published)
            #expect(try await market.scenarios.publish(scenario, by: party, now: Fixtures.day + 9) == .unchanged)
            let shown = try fields(try await market.scenarios.scenario("SC-2025-900"))
            #expect(shown["title_en"] as? String == "Smart agriculture")
            #expect(shown["revision"] as? Int == 1)
        }
    }

    @Test func `a link to a product that does not exist is refused and nothing is published`() async throws {
        try await TestMarket.with { market, _ in
            let party = try await Fixtures.make(in: market).administration
            let scenario = try ScenarioDocument(yaml: document + "\nproducts: [DP-NONE-1]")
            await #expect { try await market.scenarios.publish(scenario, by: party, now: Fixtures.day) } throws: {
                ($0 as? InvalidInput)?.field == "products"
            }
            await #expect(throws: ScenarioError.self) { try await market.scenarios.scenario("SC-2025-900") }
        }
    }

    @Test(arguments: [
        ("domain: industrial_development", "domain: sport", "domain"),
        ("code: SC-2025-900", "code: 900", "code"),
        ("title: {zh: 智慧农业, en: Smart agriculture}", "title: {zh: 智慧农业}", "title.en"),
        ("published_on: 2025-04-29", "published_on: 2025-02-30", "published_on"),
        ("batch: 3", "batch: three", "batch"),
        ("batch: 3", "bach: 3", "bach"),
        ("batch: 3", "effects: [{metric: {zh: 绿灯}, value: 6}]", "effects[0].metric.en"),
        ("batch: 3", "effects: [{metric: {zh: 绿灯, en: Green lights}, value: six}]", "effects[0].value"),
        ("batch: 3", "effects: [{metric: {zh: 绿灯, en: Green lights}, value: .nan}]", "effects[0].value"),
        ("batch: 3", "effects: [{metric: {zh: 绿灯, en: Green lights}, value: 6, of: 1e400}]", "effects[0].of"),
        ("batch: 3", "effects: [{metric: {zh: 绿灯, en: Green lights}, value: 6, unit: {zh: 处}}]", "effects[0].unit.en"),
        (
            "batch: 3", "effects: [{metric: {zh: 绿灯, en: Green lights}, value: 6, source: {confidence: sure}}]",
            "effects[0].source.confidence"
        ),
    ])
    func `a document with an error is refused with its field`(right: String, wrong: String, field: String) {
        #expect { try ScenarioDocument(yaml: document.replacingOccurrences(of: right, with: wrong)) } throws: {
            ($0 as? InvalidInput)?.field == field
        }
    }

    @Test func `every scenario that ships is well-formed`() throws {
        let paths =
            FileManager.default.enumerator(atPath: ScenarioFiles.folder.path)?.compactMap { $0 as? String } ?? []
        let files = paths.filter { $0.hasSuffix(".yaml") }
        #expect(files.count == 13)
        for file in files {
            let yaml = try String(contentsOf: ScenarioFiles.folder.appendingPathComponent(file), encoding: .utf8)
            #expect(throws: Never.self, "\(file)") { try ScenarioDocument(yaml: yaml) }
        }
    }
}
