import Foundation
import Yams

/// One demonstration scenario, as its YAML document states it.
public struct ScenarioDocument: Sendable {
    public let code: String
    public let batch: Int?
    public let titleZh: String
    public let titleEn: String
    public let domain: String
    public let publishedOn: String?
    public let entryCodes: [String]
    public let products: [(code: String, note: String)]
    /// The whole document as JSON, unknown keys refused.
    public let json: String

    static let domains = ["industrial_development", "social_governance", "livelihood"]
    private static let keys: Set<String> = [
        "code", "batch", "batch_note", "programme", "title", "title_is_official", "domain", "fields", "regions",
        "owners", "published_on", "published_on_precision", "status", "summary", "source", "directory_entries",
        "products", "effects",
    ]

    /// - Throws: `InvalidInput` that names the field and the reason.
    public init(yaml: String) throws {
        let loaded: Any?
        do {
            // Dates stay as they are written: the document is kept as the administration stated it.
            loaded = try Yams.load(yaml: yaml, Resolver.default.removing(.timestamp))
        } catch {
            throw InvalidInput(nil, "This is not well-formed YAML: \(Self.line(of: error))")
        }
        guard let fields = loaded as? [String: Any] else {
            throw InvalidInput(nil, "A scenario is a mapping of fields.")
        }
        if let unknown = fields.keys.sorted().first(where: { !Self.keys.contains($0) }) {
            throw InvalidInput(unknown, "No such field; a scenario has \(Self.keys.sorted().joined(separator: ", ")).")
        }
        code = try Self.text(fields["code"], "code")
        guard code.range(of: "^SC-[0-9]{4}-[0-9]{3}$", options: .regularExpression) != nil else {
            throw InvalidInput("code", "A scenario's code is like SC-2024-001.")
        }
        batch = try Self.optional(fields["batch"], "batch", as: Int.self, "a whole number")
        if let batch, !(1...10_000).contains(batch) { throw InvalidInput("batch", "A batch is a number from 1 on.") }
        guard let title = fields["title"] as? [String: Any] else {
            throw InvalidInput("title", "A title has zh and en.")
        }
        titleZh = try Self.text(title["zh"], "title.zh")
        titleEn = try Self.text(title["en"], "title.en")
        domain = try Self.text(fields["domain"], "domain")
        guard Self.domains.contains(domain) else {
            throw InvalidInput("domain", "'\(domain)' is not one of \(Self.domains.joined(separator: ", ")).")
        }
        publishedOn = try Self.optional(
            fields["published_on"], "published_on", as: String.self, "a date like 2024-10-29")
        if let publishedOn, !Self.isDate(publishedOn) {
            throw InvalidInput("published_on", "'\(publishedOn)' is not a date like 2024-10-29.")
        }
        guard let source = fields["source"] as? [String: Any] else {
            throw InvalidInput("source", "A scenario states its source: url (if known), confidence, note.")
        }
        try Self.checkConfidence(source, "source")
        entryCodes =
            try Self.optional(fields["directory_entries"], "directory_entries", as: [String].self, "a list of codes")
            ?? []
        products = try Self.links(fields["products"])
        try Self.checkEffects(fields["effects"])
        let data = try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
        json = String(decoding: data, as: UTF8.self)
    }

    /// The documents of a batch, set apart by lines of `---`.
    /// - Throws: `InvalidInput` as for one, with the number of the document in front of the field where there are several.
    public static func batch(yaml: String) throws -> [ScenarioDocument] {
        let parts = yaml.split(separator: /(?m)^---[ \t]*\r?$/).map(String.init)
            .filter { !$0.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty }
        guard !parts.isEmpty else { throw InvalidInput("document", "There is no document.") }
        guard parts.count <= 200 else { throw InvalidInput("document", "A batch has 200 documents at most.") }
        var codes: Set<String> = []
        return try parts.enumerated().map { index, part in
            let place = parts.count == 1 ? "" : "documents[\(index)]."
            do {
                let document = try ScenarioDocument(yaml: part)
                guard codes.insert(document.code).inserted else {
                    throw InvalidInput("code", "\(document.code) stands twice in the batch.")
                }
                return document
            } catch let refusal as InvalidInput {
                throw InvalidInput(place + (refusal.field ?? "document"), refusal.message)
            }
        }
    }

    /// What the scenario achieved by its sources: each a `metric` in Chinese and English, a `value`, and perhaps what it is
    /// part `of`, a `unit` in both languages, the day `as_of` and a `source` of its own; without one it stands on the scenario's.
    private static func checkEffects(_ value: Any?) throws {
        let effects = try optional(value, "effects", as: [[String: Any]].self, "a list of mappings") ?? []
        guard effects.count <= 50 else { throw InvalidInput("effects", "A scenario has 50 effects at most.") }
        for (index, effect) in effects.enumerated() {
            let place = "effects[\(index)]"
            let known: Set = ["metric", "value", "of", "unit", "as_of", "source"]
            if let unknown = effect.keys.sorted().first(where: { !known.contains($0) }) {
                throw InvalidInput(
                    "\(place).\(unknown)", "No such field; an effect has as_of, metric, of, source, unit, value.")
            }
            guard let metric = effect["metric"] as? [String: Any] else {
                throw InvalidInput("\(place).metric", "A metric has zh and en.")
            }
            _ = try (text(metric["zh"], "\(place).metric.zh"), text(metric["en"], "\(place).metric.en"))
            try checkNumber(effect["value"], "\(place).value")
            if let whole = effect["of"] { try checkNumber(whole, "\(place).of") }
            if let unit = try optional(
                effect["unit"], "\(place).unit", as: [String: Any].self, "a mapping of zh and en")
            {
                _ = try (text(unit["zh"], "\(place).unit.zh"), text(unit["en"], "\(place).unit.en"))
            }
            let day = try optional(effect["as_of"], "\(place).as_of", as: String.self, "a date like 2024-10-29")
            if let day, !isDate(day) { throw InvalidInput("\(place).as_of", "'\(day)' is not a date like 2024-10-29.") }
            let source = try optional(effect["source"], "\(place).source", as: [String: Any].self, "a mapping")
            if let source { try checkConfidence(source, "\(place).source") }
        }
    }

    private static func checkNumber(_ value: Any?, _ place: String) throws {
        guard value is Int || (value as? Double)?.isFinite ?? false else {
            throw InvalidInput(place, "This field must be a number.")
        }
    }

    private static func checkConfidence(_ source: [String: Any], _ place: String) throws {
        let confidence = try text(source["confidence"], "\(place).confidence")
        guard ["official", "reported", "weak"].contains(confidence) else {
            throw InvalidInput("\(place).confidence", "'\(confidence)' is not one of official, reported, weak.")
        }
    }

    /// A product is its code, or a mapping with `code` and `note`.
    private static func links(_ value: Any?) throws -> [(code: String, note: String)] {
        guard let value, !(value is NSNull) else { return [] }
        guard let list = value as? [Any] else { throw InvalidInput("products", "Products are a list.") }
        return try list.enumerated().map { index, item in
            if let code = item as? String { return (code, "") }
            guard let link = item as? [String: Any] else {
                throw InvalidInput("products[\(index)]", "A product is its code, or a mapping with code and note.")
            }
            return (
                try text(link["code"], "products[\(index)].code"), (link["note"] ?? link["relation"]) as? String ?? ""
            )
        }
    }

    private static func text(_ value: Any?, _ field: String) throws -> String {
        guard let text = value as? String, !text.trimmingCharacters(in: .whitespaces).isEmpty else {
            throw InvalidInput(field, value == nil ? "This field is missing." : "This field must be a text.")
        }
        guard !text.contains("\0") else { throw InvalidInput(field, "A text cannot hold a NUL character.") }
        return text
    }

    private static func optional<T>(_ value: Any?, _ field: String, as: T.Type, _ expected: String) throws -> T? {
        guard let value, !(value is NSNull) else { return nil }
        guard let typed = value as? T else { throw InvalidInput(field, "This field must be \(expected).") }
        return typed
    }

    private static func isDate(_ text: String) -> Bool {
        guard text.count == 10, let date = try? Date(text, strategy: .iso8601.year().month().day()) else {
            return false
        }
        return date.formatted(.iso8601.year().month().day()) == text
    }

    private static func line(of error: any Error) -> String {
        if let error = error as? YamlError, case .parser(_, let problem, let mark, _) = error {
            return "line \(mark.line), column \(mark.column): \(problem)"
        }
        if let error = error as? YamlError, case .scanner(_, let problem, let mark, _) = error {
            return "line \(mark.line), column \(mark.column): \(problem)"
        }
        return "it cannot be read"
    }
}
