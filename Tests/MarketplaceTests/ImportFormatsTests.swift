import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct ImportFormatsTests {
    private let now = Fixtures.day

    private func load(
        _ text: String, as name: String, source: String? = nil, in market: Market, by party: UUID
    ) async throws -> ImportReport {
        try await market.directory.importCatalogue(
            ImportRequest(fileName: name, bytes: Array(text.utf8), source: source), by: party, now: now)
    }

    private func with(_ work: (Market, UUID) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            try await work(market, try await Fixtures.make(in: market).administration)
        }
    }

    private func entry(_ title: String, in market: Market) async throws -> [String: Any] {
        let page = try fields(try await market.directory.entries(text: title, cursor: nil, limit: nil))
        let code = (page["items"] as? [[String: Any]] ?? []).first?["code"] as? String ?? ""
        let time = now + 60
        return try fields(try await market.directory.entry(code, asOf: time, recordedBy: time, now: time))
    }

    private static let package = """
        {"id": "6f1e2b6a-0000-4000-8000-000000000001", "name": "stops", "title": "Stops", "notes": "Where buses stop", \
        "organization": {"id": "o-1", "title": "Transport office"}, "tags": [{"name": "bus"}], "state": "active", \
        "resources": [{"name": "Table", "format": "CSV", "url": "https://example.org/stops.csv"}]}
        """

    @Test(arguments: [
        ("lines.jsonl", "\(package)\n{\"id\": \"2\", \"title\": \"Lines\", \"resources\": []}\n"),
        ("list.json", "[\(package), {\"id\": \"2\", \"title\": \"Lines\"}]"),
        (
            "search.json",
            #"{"help": "h", "success": true, "result": {"count": 2, "facets": {}, "results": [\#(package), {"id": "2", "title": "Lines"}]}}"#
        ),
        ("current.json", #"{"success": true, "result": [\#(package), {"id": "2", "title": "Lines"}]}"#),
    ])
    func `packages of CKAN are read as lines, as a list and as answers`(name: String, text: String) async throws {
        try await with { market, party in
            let report = try await load(text, as: name, in: market, by: party)
            #expect(report.format == "ckan" && report.added == 2 && report.refused == 0)
            let stops = try await entry("Stops", in: market)
            #expect(stops["keywords"] as? [String] == ["bus"])
            let distributions = stops["distributions"] as? [[String: Any]]
            #expect(distributions?.first?["accessURL"] as? String == "https://example.org/stops.csv")
        }
    }

    @Test func `a portal's answer that failed is refused`() async throws {
        try await with { market, party in
            await #expect(throws: DirectoryError.self) {
                try await load(#"{"success": false, "error": {"message": "x"}}"#, as: "a.json", in: market, by: party)
            }
        }
    }

    @Test func `JSON-LD is read node by node, with its blank nodes`() async throws {
        try await with { market, party in
            let text = """
                {"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
                  "foaf": "http://xmlns.com/foaf/0.1/"},
                 "@graph": [{"@id": "https://example.org/1", "@type": "dcat:Dataset",
                   "dct:title": [{"@value": "Air \\"quality\\"", "@language": "en"}], "dct:publisher": {"@id": "_:b0"}},
                  {"@id": "_:b0", "@type": "foaf:Agent", "foaf:name": "Environment office"},
                  {"@id": "https://example.org/2", "@type": "dcat:Dataset", "dct:title": "Water"}]}
                """
            let report = try await load(text, as: "city.jsonld", in: market, by: party)
            #expect(report.added == 2 && report.format == "jsonld")
            let responsible = try await entry("Air", in: market)["responsible"] as? [[String: Any]] ?? []
            #expect(
                responsible.contains { ($0["party"] as? [String: Any])?["name"] as? String == "Environment office" })
            let nested = """
                {"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
                 "@id": "https://example.org/catalogue", "@type": "dcat:Catalog", "dcat:dataset": [
                  {"@id": "https://example.org/3", "@type": "dcat:Dataset", "dct:title": "Nested",
                   "dcat:distribution": {"dcat:accessURL": {"@id": "https://example.org/a file"}}}]}
                """
            #expect(try await load(nested, as: "nested.jsonld", in: market, by: party).added == 1)
            await #expect {
                try await load(String(nested.dropLast(20)), as: "cut.jsonld", in: market, by: party)
            } throws: {
                ($0 as? DirectoryError)?.message.contains("truncated") ?? false
            }
            let remote = #"{"@context": "https://example.org/c.jsonld", "@id": "a:1", "@type": "dcat:Dataset"}"#
            await #expect {
                try await load(remote, as: "remote.jsonld", in: market, by: party)
            } throws: {
                ($0 as? DirectoryError)?.message.contains("not fetched") ?? false
            }
        }
    }

    @Test func `a large RDF file is read although its statements lie far apart`() async throws {
        try await with { market, party in
            let dcat = "<http://www.w3.org/ns/dcat#"
            let dct = "<http://purl.org/dc/terms/"
            var text = ""
            for number in 1...6_000 {
                let dataset = "<https://example.org/\(number)>"
                text += "\(dataset) <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \(dcat)Dataset> .\n"
                text += "\(dataset) \(dct)title> \"Number \(number).\" .\n"
                text += "\(dataset) \(dcat)distribution> _:d\(number) .\n\(dataset) \(dct)publisher> _:office .\n"
                for word in 0..<14 { text += "\(dataset) \(dcat)keyword> \"word \(word)\" .\n" }
            }
            for number in 1...6_000 { text += "_:d\(number) \(dcat)accessURL> <https://example.org/f/\(number)> .\n" }
            text += "_:office <http://xmlns.com/foaf/0.1/name> \"Office\" .\n"
            let report = try await load(text, as: "large.nt", in: market, by: party)
            #expect(report.added == 6_000 && report.refused == 0)
            let last = try await entry("Number 6000.", in: market)
            #expect((last["keywords"] as? [String])?.count == 14)
            let distributions = last["distributions"] as? [[String: Any]]
            #expect(distributions?.first?["accessURL"] as? String == "https://example.org/f/6000")
            #expect((last["responsible"] as? [Any])?.count == 2)
        }
    }

    @Test func `a node without a label is none of those with one`() async throws {
        try await with { market, party in
            let text = """
                @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
                @prefix foaf: <http://xmlns.com/foaf/0.1/> .
                <https://example.org/1> a dcat:Dataset ; dct:title "First" ; dct:publisher [ foaf:name "Nameless office" ] .
                <https://example.org/2> a dcat:Dataset ; dct:title "Second" ; dct:publisher _:genid1 .
                _:genid1 foaf:name "Labelled office" .

                """
            #expect(try await load(text, as: "labels.ttl", in: market, by: party).added == 2)
            for (title, name) in [("First", "Nameless office"), ("Second", "Labelled office")] {
                let responsible = try await entry(title, in: market)["responsible"] as? [[String: Any]] ?? []
                let names = Set(responsible.compactMap { ($0["party"] as? [String: Any])?["name"] as? String })
                #expect(names.contains(name) && names.count <= 2, "\(names)")
            }
        }
    }

    @Test func `Turtle is cut between statements only`() async throws {
        try await with { market, party in
            var text = "@prefix dcat: <http://www.w3.org/ns/dcat#> .\nPREFIX dct: <http://purl.org/dc/terms/>\n"
            let filler = String(repeating: "Text. ", count: 400)
            for number in 1...1_000 {
                text += """
                    # A comment. With a stop.
                    <https://example.org/\(number)> a dcat:Dataset ; dct:title "No. \(number) \\". and" ;
                      dcat:version 1.5 ; dcat:distribution [ dct:title '''It's. "Here". ''' ] ;
                      dct:description \"\"\"\(filler) ends with "quotes\\"\"\"\" .

                    """
            }
            let report = try await load(text, as: "long.ttl", in: market, by: party)
            #expect(report.added == 1_000 && report.refused == 0)
            let cut = try await #require(throws: DirectoryError.self) {
                try await load(String(text.dropLast(200)), as: "cut.ttl", in: market, by: party)
            }
            #expect(cut.message.contains("truncated") || cut.message.contains("ends before"))
        }
    }

    @Test func `items, sharing and conditions are read from CSV with Chinese headers`() async throws {
        try await with { market, party in
            let text = """
                目录名称,摘要,提供单位,identifier,共享类型,共享依据,数据分级,数据项,共享条件,是否含个人信息
                积水点,易涝点位,水务局,a,有条件共享,某条例第3条,一般,街道、件数,"用途：research、credit；保存期限：30；须备案",否
                密件,不公开,水务局,b,不予共享,,核心,,,

                """
            let report = try await load(text, as: "shared.csv", in: market, by: party)
            #expect(report.added == 1 && report.refusedByReason == ["missing_basis": 1])
            let items = try await entry("积水点", in: market)["items"] as? [[String: Any]]
            #expect(items?.compactMap { $0["name"] as? String } == ["街道", "件数"])
            let history = try fields(
                try await market.directory.history(
                    of: entry("积水点", in: market)["code"] as? String ?? "", cursor: nil, limit: nil))
            #expect((history["items"] as? [Any])?.count == 1)
        }
    }
}
