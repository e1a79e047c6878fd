import Foundation
import Yams

/// What a revision promises, as an Open Data Contract Standard document (ODCS 3.1, bitol.io).
extension Catalog {
    /// A contract as YAML, of the newest revision unless a number is given.
    public func openDataContract(of code: String, revision: Int? = nil) async throws -> String {
        guard let document = try await store.document("catalog/find_contract", code, revision) else {
            throw revision.map { CatalogError.unknownRevision(code, $0) } ?? CatalogError.unknownProduct(code)
        }
        return try Yams.serialize(
            node: Self.contract(try JSONTree(json: Array(document.text.utf8))), allowUnicode: true)
    }

    private static func contract(_ revision: JSONTree) -> Node {
        let keys = revision["keys"]?.texts ?? []
        let personal = Set(revision["personal"]?.texts ?? [])
        let code = revision["product"]?.text ?? ""
        let source = revision["source"]
        return mapping([
            ("apiVersion", "v3.1.0"), ("kind", "DataContract"), ("id", quoted("urn:datamarket:product:\(code)")),
            ("name", quoted(both(revision, "title"))),
            ("version", quoted("\(revision["number"]?.number ?? 0).0.0")), ("status", "active"),
            ("dataProduct", quoted(code)), ("tenant", revision["operator"]?.text.map(quoted)),
            (
                "description",
                mapping([
                    ("purpose", quoted(both(revision, "description"))),
                    ("usage", source?["licence"]?.text.map(quoted)),
                ])
            ),
            (
                "schema",
                .sequence([
                    mapping([
                        ("name", quoted(code)), ("logicalType", "object"), ("physicalType", "table"),
                        (
                            "properties",
                            .sequence(
                                .init(
                                    (revision["columns"]?.list ?? []).map {
                                        property($0, keys: keys, personal: personal)
                                    }))
                        ),
                    ])
                ])
            ),
            (
                "authoritativeDefinitions",
                .sequence(
                    .init(
                        [source?["url"]?.text].compactMap(\.self).map {
                            mapping([("url", quoted($0)), ("type", "canonical")])
                        }))
            ),
        ])
    }

    private static func property(_ column: JSONTree, keys: [String], personal: Set<String>) -> Node {
        let name = column["name"]?.text ?? ""
        let type = column["type"]?.text ?? "text"
        let position = keys.firstIndex(of: name)
        let bounds = [("minimum", column["minimum"]), ("maximum", column["maximum"])].compactMap { key, bound in
            bound.flatMap { $0.isNull ? nil : (key, scalar($0)) }
        }
        let allowed = column["values"]?.texts ?? []
        return mapping([
            ("name", quoted(name)), ("businessName", quoted(column["zh"]?.text ?? name)),
            ("logicalType", Node(logicalTypes[type] ?? "string")), ("physicalType", quoted(type)),
            ("description", column["en"]?.text.map(quoted)),
            ("required", position != nil || column["required"]?.truth == true ? "true" : nil),
            ("unique", keys == [name] || column["unique"]?.truth == true ? "true" : nil),
            ("primaryKey", position == nil ? nil : "true"),
            ("primaryKeyPosition", position.map { Node("\($0 + 1)") }),
            ("classification", personal.contains(name) ? "personal" : nil),
            ("logicalTypeOptions", bounds.isEmpty ? nil : mapping(bounds)),
            (
                "quality",
                allowed.isEmpty
                    ? nil
                    : .sequence([
                        mapping([
                            ("type", "library"), ("metric", "invalidValues"), ("mustBe", "0"),
                            ("arguments", mapping([("validValues", .sequence(.init(allowed.map(quoted))))])),
                        ])
                    ])
            ),
        ])
    }

    private static let logicalTypes = [
        "integer": "integer", "number": "number", "boolean": "boolean", "date": "date", "datetime": "timestamp",
    ]

    private static func both(_ tree: JSONTree, _ name: String) -> String {
        [tree["\(name)_zh"]?.text, tree["\(name)_en"]?.text].compactMap(\.self).joined(separator: " / ")
    }

    private static func quoted(_ text: String) -> Node { .scalar(.init(text, Tag(.str), .doubleQuoted)) }

    private static func scalar(_ bound: JSONTree) -> Node {
        if case .number(let spelling) = bound { Node(spelling) } else { quoted(bound.text ?? "") }
    }

    private static func mapping(_ members: [(String, Node?)]) -> Node {
        .mapping(.init(members.compactMap { name, value in value.map { (Node(name), $0) } }))
    }
}
