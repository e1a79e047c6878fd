import Foundation
import Testing

/// The layers of the project, and what each may import of the project.
private let allowed: [String: Set<String>] = [
    "Postgres": ["CPostgres"],
    "Marketplace": [
        "Postgres", "SQLFiles", "COpenSSL", "CRaptor", "CZlib", "CLibXML", "CYajl", "CCSV", "CCurl",
    ],
    "Web": ["Postgres", "Marketplace", "CZlib"],
    "datamarket": ["Postgres", "Marketplace", "Web", "Demonstration", "ScenarioFiles"],
]
private let own: Set<String> = [
    "CPostgres", "COpenSSL", "CRaptor", "CZlib", "CLibXML", "CYajl", "CCSV", "CCurl", "SQLFiles", "Postgres",
    "Marketplace", "Web", "Demonstration", "ScenarioFiles", "datamarket",
]
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite struct ImportDirectionTests {
    @Test(arguments: ["Postgres", "Marketplace", "Web", "datamarket"])
    func `a layer imports only the layers below it`(layer: String) throws {
        let files = try swiftFiles(below: "Sources/\(layer)")
        #expect(!files.isEmpty)
        for file in files {
            for module in try imports(of: file) where own.contains(module) {
                #expect(allowed[layer]?.contains(module) ?? false, "\(file.path) imports \(module)")
            }
        }
    }

    @Test func `libpq is imported in Sources Postgres only`() throws {
        for file in try swiftFiles(below: "Sources") where !file.path.contains("/Sources/Postgres/") {
            #expect(try !imports(of: file).contains("CPostgres"), "\(file.path)")
        }
    }

    @Test func `a feature knows only the features before it`() throws {
        let order = [
            "Values", "Parties", "Directory", "Scenarios", "Catalog", "Purchases", "Delivery", "Metering", "Billing",
        ]
        let entry = [
            "Parties": "Parties", "Directory": "Directory", "Scenarios": "Scenarios", "Catalog": "Catalog",
            "Purchases": "Purchases", "Delivery": "Delivery", "Metering": "Metering", "Billing": "Billing",
        ]
        for (place, folder) in order.enumerated() {
            for file in try swiftFiles(below: "Sources/Marketplace/\(folder)") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for later in order.dropFirst(place + 1) {
                    guard let type = entry[later] else { continue }
                    #expect(!text.contains("\(type)("), "\(file.lastPathComponent) of \(folder) makes a \(type)")
                }
            }
        }
    }
}

private func swiftFiles(below folder: String) throws -> [URL] {
    let start = root.appendingPathComponent(folder)
    return FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String }
        .filter { $0.hasSuffix(".swift") }.map { start.appendingPathComponent($0) } ?? []
}

private func imports(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0 == "public" || $0 == "internal" }
        guard words.first == "import", words.count >= 2 else { return nil }
        return String(words[words.startIndex + 1])
    }
}
