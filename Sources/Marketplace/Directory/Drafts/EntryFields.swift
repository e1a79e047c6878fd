import Foundation

/// The fields of an entry's document as a department states them, checked one by one; all that is wrong is told at once.
public struct EntryFields: Sendable {
    /// JSON by the document's own names, such as `updateFrequency`. A field that is null is to be removed.
    let json: String

    static let sharingClasses = ["unconditional", "conditional", "not_shared"]
    static let grades = ["core", "important", "general"]
    private static let sharingModes = ["interface", "batch_exchange", "file_download"]
    private static let openAttributes = ["open", "conditional", "not_open"]
    private static let short = [
        "classification", "format", "update_frequency", "received_from", "language", "licence", "landing_page",
        "spatial",
    ]
    private static let structured: Set<String> = [
        "titles", "descriptions", "items", "conditions", "keywords", "themes", "related", "sharing_class",
        "sharing_basis", "sharing_mode", "open_attribute", "grade", "personal_information",
    ]

    /// - Parameter isNew: a new entry states at least its title.
    /// - Throws: `InvalidFields` with every problem.
    public init(_ object: [String: Any], isNew: Bool) throws {
        var checker = FieldChecker(object, at: "fields.")
        let values = Self.check(&checker, isNew: isNew)
        guard checker.problems.isEmpty else { throw InvalidFields(checker.problems) }
        let data = try JSONSerialization.data(withJSONObject: values, options: [.withoutEscapingSlashes])
        json = String(decoding: data, as: UTF8.self)
    }

    /// The document that comes of these fields over those of an earlier one.
    func merged(over base: String?) throws -> String {
        let parse = { (text: String) throws -> [String: Any] in
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        }
        let document = try (base.map(parse) ?? [:]).merging(parse(json)) { $1 }.filter { !($0.value is NSNull) }
        if document["sharingClass"] as? String == "not_shared", document["sharingBasis"] == nil {
            throw InvalidFields([
                FieldProblem("fields.sharing_basis", "What is not shared needs its basis in a law or regulation.")
            ])
        }
        guard document["titles"] is [Any] else {
            throw InvalidFields([FieldProblem("fields.titles", "An entry has at least one title.")])
        }
        let data = try JSONSerialization.data(withJSONObject: document, options: [.withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private static func check(_ checker: inout FieldChecker, isNew: Bool) -> [String: Any] {
        checker.allow(structured.union(short))
        var values: [String: Any] = [:]
        for name in checker.object.keys where !checker.has(name) { values[camelCase(name)] = NSNull() }
        for name in short { values[camelCase(name)] = checker.text(name) ?? values[camelCase(name)] }
        for name in ["titles", "descriptions"] {
            let required = isNew && name == "titles"
            values[name] = checker.objects(name, required: required) { taggedText(&$0) } ?? values[name]
        }
        for name in ["keywords", "themes", "related"] { values[name] = checker.texts(name) ?? values[name] }
        values["items"] = items(&checker) ?? values["items"]
        values["conditions"] = checker.objects("conditions") { ConditionFields.check(&$0) } ?? values["conditions"]
        let choices = [
            ("sharing_class", sharingClasses), ("sharing_mode", sharingModes), ("open_attribute", openAttributes),
            ("grade", grades),
        ]
        for (name, known) in choices {
            values[camelCase(name)] = checker.choice(name, of: known) ?? values[camelCase(name)]
        }
        values["sharingBasis"] = checker.text("sharing_basis", limit: 2_000) ?? values["sharingBasis"]
        values["personalInformation"] = checker.truth("personal_information") ?? values["personalInformation"]
        return values
    }

    private static func taggedText(_ checker: inout FieldChecker) -> [String: Any] {
        checker.allow(["text", "language"])
        var value: [String: Any] = ["text": checker.text("text", limit: 20_000, required: true) ?? ""]
        value["language"] = checker.text("language", limit: 35)
        return value
    }

    /// Data items with a type and a meaning each; a name stands once.
    private static func items(_ checker: inout FieldChecker) -> [[String: Any]]? {
        let items = checker.objects("items") { item in
            item.allow(["name", "type", "description"])
            var value: [String: Any] = ["name": item.text("name", required: true) ?? ""]
            value["type"] = item.text("type", limit: 100, required: true)
            value["description"] = item.text("description", limit: 2_000, required: true)
            return value
        }
        let names = (items ?? []).map { $0["name"] as? String ?? "" }
        for (index, name) in names.enumerated() where !name.isEmpty && names.firstIndex(of: name) != index {
            checker.refuse("items[\(index)].name", "The data item '\(name.prefix(60))' is there twice.")
        }
        return items
    }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.capitalized }
    }
}

/// A condition of use: a kind, a value in the form of that kind, and the legal basis.
enum ConditionFields {
    private static let kinds = ["purpose", "region", "sector", "redistribution", "retention", "fee", "qualification"]

    static func check(_ checker: inout FieldChecker) -> [String: Any] {
        checker.allow(["kind", "value", "basis"])
        let kind = checker.choice("kind", of: kinds, required: true)
        let basis = checker.text("basis", limit: 2_000, required: true)
        guard checker.has("value") else {
            checker.refuse("value", "This field is missing.")
            return [:]
        }
        let value: Any? =
            switch kind {
            case "purpose": checker.texts("value", matching: "^[a-z][a-z_]*$", form: "the code of a purpose")
            case "region": checker.texts("value", matching: "^[0-9]{6}$", form: "a region by six digits (GB/T 2260)")
            case "sector": checker.texts("value", matching: "^[A-T]$", form: "a section of GB/T 4754, A to T")
            case "redistribution": checker.choice("value", of: ["forbidden", "with_consent", "free"])
            case "retention": checker.wholeNumber("value")
            case "fee": checker.choice("value", of: ["free", "guided", "market"])
            case "qualification": checker.texts("value")
            default: nil
            }
        return ["kind": kind ?? "", "value": value ?? NSNull(), "basis": basis ?? ""]
    }
}
