import Foundation

/// What a department or the administration asks the directory to say from now on, or to have said in a past period.
public struct DraftRequest: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case new, update, correction, withdrawal }

    let kind: Kind
    /// Where a new entry belongs.
    let source: String?
    /// The code of the entry that is updated, corrected or withdrawn.
    let entry: String?
    let fields: EntryFields?
    /// A correction without fields: the version that was in force in its period; nil when none was.
    let restatedVersion: Int?
    let validFrom: Date?
    let validUntil: Date?
    let parties: [Role: String]
    let reason: String
    let basis: String

    /// The roles for which a draft can name a party by its code. The publisher is the competent body.
    public enum Role: String, Sendable, CaseIterable { case provider, contact, security }

    public static let members: Set<String> = [
        "kind", "source", "entry", "fields", "version", "absent", "valid_from", "valid_until", "provider", "contact",
        "security", "reason", "basis",
    ]

    /// - Throws: `InvalidFields` with every problem of the request and of the fields in it.
    public init(_ object: [String: Any]) throws {
        var checker = FieldChecker(object)
        checker.allow(Self.members)
        let kind = checker.choice("kind", of: Kind.allCases.map(\.rawValue), required: true).flatMap(Kind.init)
        (reason, basis) = (
            checker.text("reason", limit: 2_000, required: true) ?? "",
            checker.text("basis", limit: 2_000, required: true) ?? ""
        )
        source = checker.text("source", limit: 40, required: kind == .new)
        entry = checker.text("entry", limit: 200, required: kind != nil && kind != .new)
        parties = Role.allCases.reduce(into: [:]) { $0[$1] = checker.text($1.rawValue, limit: 100) }
        validFrom = Self.time("valid_from", in: &checker, required: kind == .correction)
        validUntil = Self.time("valid_until", in: &checker)
        if let validFrom, let validUntil, validUntil <= validFrom {
            checker.refuse("valid_until", "It must be later than valid_from.")
        }
        restatedVersion = checker.wholeNumber("version")
        Self.checkContent(kind, in: &checker)
        fields = Self.fields(kind, in: &checker)
        guard checker.problems.isEmpty else { throw InvalidFields(checker.problems) }
        self.kind = kind ?? .new
    }

    private static func time(_ name: String, in checker: inout FieldChecker, required: Bool = false) -> Date? {
        guard let text = checker.text(name, limit: 40, required: required) else { return nil }
        do { return try parsedTime(text, field: name) } catch {
            checker.refuse(name, "'\(text)' is not a time like 2025-08-01 or 2025-08-01T09:30:00+08:00.")
            return nil
        }
    }

    private static func fields(_ kind: Kind?, in checker: inout FieldChecker) -> EntryFields? {
        guard checker.has("fields") else { return nil }
        guard let object = checker.object["fields"] as? [String: Any] else {
            checker.refuse("fields", "It must be an object.")
            return nil
        }
        do { return try EntryFields(object, isNew: kind == .new) } catch {
            checker.take((error as? InvalidFields)?.problems ?? [FieldProblem("fields", "It cannot be kept as JSON.")])
            return nil
        }
    }

    /// Each kind has the members that it needs and no others.
    private static func checkContent(_ kind: Kind?, in checker: inout FieldChecker) {
        let absent = checker.truth("absent") ?? false
        switch kind {
        case .new, .update:
            if !checker.has("fields") { checker.refuse("fields", "This field is missing.") }
        case .correction:
            let stated = [checker.has("fields"), checker.has("version"), absent].count { $0 }
            if stated != 1 {
                checker.refuse(
                    "fields", "A correction states one of: fields, the version that was in force, or absent: true.")
            }
        case .withdrawal, nil: break
        }
        let foreign: [String: Set<Kind>] = [
            "source": [.new], "entry": [.update, .correction, .withdrawal], "version": [.correction],
            "absent": [.correction], "valid_from": [.correction], "valid_until": [.correction],
            "fields": [.new, .update, .correction],
        ]
        for (name, kinds) in foreign.sorted(by: { $0.key < $1.key }) where checker.has(name) {
            if let kind, !kinds.contains(kind) {
                checker.refuse(name, "A draft of kind \(kind.rawValue) has no such field.")
            }
        }
    }
}
