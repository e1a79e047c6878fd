import Demonstration
import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ExportTests {
    @Test(arguments: [ExportSyntax.turtle, .rdfXML])
    func `what is exported can be imported again without loss`(syntax: ExportSyntax) async throws {
        for (file, source) in try catalogues() {
            let (documents, export) = try await imported(file, source: source, exportedAs: syntax)
            #expect(!documents.isEmpty)
            let (again, _) = try await imported(export, name: "again.\(syntax.rawValue)", source: "AGAIN")
            #expect(again.count == documents.count, "\(source)")
            for (identifier, document) in documents {
                #expect(again[identifier] == document, "\(source) \(identifier)")
            }
        }
    }

    @Test(arguments: ExportSyntax.allCases)
    func `all that an entry can state comes back from every syntax`(syntax: ExportSyntax) async throws {
        let (documents, export) = try await imported(
            try stated(), name: "stated.data.json", source: "STATED", exportedAs: syntax)
        let (again, _) = try await imported(export, name: "again.\(syntax.rawValue)", source: "AGAIN")
        #expect(documents.count == 3 && again == documents)
        let whole = documents.values.joined()
        let kinds = ["purpose", "region", "sector", "redistribution", "retention", "fee", "qualification"]
        for text in kinds + ["许可办法第3条", "conditional", "not_shared", "保密法第9条", "important", "receivedFrom", "路灯编号"] {
            #expect(whole.contains("\"\(text)\""), "\(text) was not read at all")
        }
    }

    @Test(arguments: ExportSyntax.allCases)
    func `what only a department states comes back from every syntax`(syntax: ExportSyntax) async throws {
        let (documents, export) = try await imported(
            try stated(), name: "stated.data.json", source: "STATED", exportedAs: syntax,
            stating: """
                {"classification": "城市建设/路灯", "format": "数据库", "sharingMode": "interface", "openAttribute": "not_open",
                 "related": ["Z-2", "A-1"], "contact": {"name": "数据处", "identifier": "11350100MB0001"}}
                """)
        let (again, _) = try await imported(export, name: "again.\(syntax.rawValue)", source: "AGAIN")
        #expect(documents.count == 3 && again == documents)
    }

    @Test func `conditions of entries are rules of ODRL`() async throws {
        let (_, export) = try await imported(try stated(), name: "stated.data.json", source: "STATED")
        let text = String(decoding: export, as: UTF8.self)
        for (left, comparison, right) in [
            ("purpose", "isAnyOf", "\"credit\", \"research\""), ("spatial", "isAnyOf", "\"350100\", \"350200\""),
            ("industry", "isAnyOf", "\"J\""), ("recipient", "isAllOf", "\"备案\", \"测绘资质\""),
            ("elapsedTime", "lteq", "\"P30D\"^^xsd:duration"),
        ] {
            let found =
                text.contains("odrl:leftOperand odrl:\(left) ;")
                && text.contains("odrl:operator odrl:\(comparison) ;") && text.contains("odrl:rightOperand \(right)")
            #expect(found, "\(left): \(text)")
        }
        for action in ["delete", "obtainConsent", "compensate", "distribute"] {
            #expect(text.contains("odrl:action odrl:\(action)"), "\(action)")
        }
        #expect(text.ranges(of: "odrl:prohibition [").count == 1)
        #expect(text.ranges(of: "odrl:hasPolicy").count == 2)
    }

    @Test func `conditions of an offer are rules of ODRL beside its price`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(Fixtures.catalogue.utf8)),
                by: fixtures.administration, now: Fixtures.day)
            var offer = try Fixtures.offer("OF-FLOOD-ONCE", kind: "one_off", price: 1_000_000)
            offer.conditions = try JSONDecoder().decode(
                [Condition].self,
                from: Data(
                    """
                    [{"kind": "redistribution", "value": "forbidden", "basis": "Article 7"},
                     {"kind": "sector", "value": ["J"], "basis": "Article 8"},
                     {"kind": "retention", "value": 90, "basis": "Article 9"}]
                    """.utf8))
            var listing = try Fixtures.listing()
            listing.offers = [offer]
            try await fixtures.list(listing, in: market, now: Fixtures.day + 1)
            let export = try await Self.export(of: market, as: .turtle, now: Fixtures.day + 10)
            let policy = String(decoding: export, as: UTF8.self).components(separatedBy: "a odrl:Offer").last ?? ""
            for part in [
                "odrl:prohibition [", "odrl:action odrl:distribute", "dmt:basis \"Article 7\"",
                "odrl:leftOperand odrl:industry", "dmt:basis \"Article 8\"", "odrl:action odrl:delete",
                "\"P90D\"^^xsd:duration", "\"P30D\"^^xsd:duration", "odrl:payAmount",
            ] { #expect(policy.contains(part), "\(part)") }
        }
    }

    /// Everything that an entry can state; of its three entries, the last states no condition.
    private func stated() throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appendingPathComponent("Conformance/stated.data.json")))
    }

    @Test func `an export goes through every page to its end`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            let many = (1...230).map { #"{"identifier": "\#($0)", "title": "Entry \#($0)"}"# }
            _ = try await market.directory.importCatalogue(
                ImportRequest(
                    fileName: "many.data.json", bytes: Array("{\"dataset\": [\(many.joined(separator: ","))]}".utf8)),
                by: fixtures.administration, now: Fixtures.day)
            let text = String(decoding: try await Self.export(of: market, as: .jsonLD), as: UTF8.self)
            let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let nodes = document?["@graph"] as? [[String: Any]] ?? []
            let records = Set(
                nodes.filter { $0["@type"] as? String == "dcat:CatalogRecord" }.compactMap { $0["@id"] as? String })
            #expect(records.count == 230)
        }
    }

    @Test func `an export names who answers for an entry that names nobody`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            _ = try await market.directory.importCatalogue(
                ImportRequest(
                    fileName: "one.data.json", bytes: Array(#"{"dataset": [{"identifier": "1", "title": "A"}]}"#.utf8)),
                by: fixtures.administration, now: Fixtures.day)
            let text = String(decoding: try await Self.export(of: market, as: .turtle), as: UTF8.self)
            #expect(text.contains("dmt:role-publisher"))
            #expect(text.contains("dct:publisher <https://market.test/v1/parties/\(Fixtures.administrationCode)>"))
        }
    }

    @Test func `odd texts stay texts and addresses stay addresses`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            let entry = """
                {"dataset": [{"identifier": "odd", "title": "A \\"b\\" <c> & d", "description": "one\\ntwo",
                 "landingPage": "http://example.org/a b", "license": "http://example.org/licence?a=1&b=<2>",
                 "distribution": [{"title": "x", "downloadURL": "HTTP//broken", "format": "CSV/ZIP"}]}]}
                """
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "odd.data.json", bytes: Array(entry.utf8)), by: fixtures.administration,
                now: Fixtures.day)
            for syntax in [ExportSyntax.turtle, .rdfXML] {
                let export = try await Self.export(of: market, as: syntax)
                let found = try await Self.documents(of: export, named: "odd.\(syntax.rawValue)").first ?? [:]
                #expect(found["landingPage"] as? String == "http://example.org/a b")
                #expect(found["licence"] as? String == "http://example.org/licence?a=1&b=<2>")
                let distribution = (found["distributions"] as? [[String: Any]])?.first
                #expect(distribution?["downloadURL"] as? String == "HTTP//broken")
                #expect(distribution?["accessURL"] == nil)
            }
        }
    }

    @Test(arguments: ExportSyntax.allCases)
    func `a carriage return within a text is escaped, and comes back`(syntax: ExportSyntax) async throws {
        let entry = #"{"dataset": [{"identifier": "cr", "title": "t", "description": "one\rtwo \"three\""}]}"#
        let (documents, export) = try await imported(
            Array(entry.utf8), name: "cr.data.json", source: "CR", exportedAs: syntax)
        #expect(!export.contains(0x0D))
        #expect(documents.values.contains { $0.contains(#"one\rtwo"#) })
        let (again, _) = try await imported(export, name: "again.\(syntax.rawValue)", source: "AGAIN")
        #expect(again == documents)
    }

    @Test func `products lead back to the exact version they were made of, and are no entries when imported`()
        async throws
    {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let export = try await Self.export(of: market, as: .turtle, now: Fixtures.day + 10)
            let text = String(decoding: export, as: UTF8.self)
            #expect(
                text.contains(
                    #/prov:wasDerivedFrom <https:\/\/market.test\/v1\/directory\/entries\/CITY-[0-9A-F]+\/history#version-1>/#
                ))
            #expect(text.contains("odrl:payAmount") && text.contains("odrl:rightOperand 10000.00 ;"))
            let again = try await Self.documents(of: export, named: "again.ttl")
            #expect(again.count == 2)
        }
    }

    /// What the entries of an export say once it is imported into an empty market.
    private static func documents(of export: [UInt8], named name: String) async throws -> [[String: Any]] {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: name, bytes: export, source: "AGAIN"), by: fixtures.administration,
                now: Fixtures.day)
            let texts = try await database.all(
                Statement(name: "test/documents", text: "SELECT document::text FROM directory_entry_version")
            ) { try $0.next(String.self) }
            return try texts.map { try fields(JSONDocument(text: $0)) }
        }
    }

    /// The excerpts kept in the project, and the real Turtle catalogue where it lies beside it.
    private func catalogues() throws -> [(URL, String)] {
        let excerpts = Demonstration.folder.appendingPathComponent("catalogue")
        let real = URL(fileURLWithPath: "../shared/data/catalogs/de-brandenburg.ttl")
        return [
            (excerpts.appendingPathComponent("us-dc-excerpt.data.json"), "US-DC"),
            (excerpts.appendingPathComponent("tw-taichung-excerpt.csv"), "TW-TAICHUNG"),
        ] + (FileManager.default.fileExists(atPath: real.path) ? [(real, "DE-BRANDENBURG")] : [])
    }

    private func imported(_ file: URL, source: String, exportedAs syntax: ExportSyntax) async throws -> (
        [String: String], [UInt8]
    ) {
        try await imported(
            [UInt8](try Data(contentsOf: file)), name: file.lastPathComponent, source: source, exportedAs: syntax)
    }

    /// The documents of a catalogue by the address of their entry, and the export of it.
    private func imported(
        _ bytes: [UInt8], name: String, source: String, exportedAs syntax: ExportSyntax = .turtle,
        stating more: String = "{}"
    ) async throws -> ([String: String], [UInt8]) {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: name, bytes: bytes, source: source), by: fixtures.administration,
                now: Fixtures.day)
            try await database.script("UPDATE directory_entry_version SET document = document || '\(more)'")
            let rows = try await database.all(
                Statement(
                    name: "test/documents",
                    text: """
                        SELECT CASE WHEN entry.identifier LIKE 'https://market.test/%' THEN entry.identifier
                            ELSE 'https://market.test/v1/directory/entries/' || entry.code END, (version.document - 'columns')::text
                        FROM directory_entry_version AS version JOIN directory_entry AS entry ON entry.id = entry_id
                        """)
            ) { (try $0.next(String.self), try $0.next(String.self)) }
            return (
                Dictionary(uniqueKeysWithValues: rows), try await Self.export(of: market, as: syntax)
            )
        }
    }

    private static func export(of market: Market, as syntax: ExportSyntax, now: Date = Fixtures.day) async throws
        -> [UInt8]
    {
        let stream = try await market.export.catalogue(syntax, source: nil, base: "https://market.test", now: now)
        var whole: [UInt8] = []
        while let piece = try await stream.next() { whole += piece }
        return whole
    }
}
