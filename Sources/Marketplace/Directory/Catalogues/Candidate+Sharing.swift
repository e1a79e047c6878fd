import Foundation

/// What an entry says of sharing and of its columns, in the words of several catalogues.
extension Candidate {
    private static let classes = [
        "unconditional": "unconditional", "无条件共享": "unconditional", "无条件": "unconditional",
        "conditional": "conditional", "有条件共享": "conditional", "有条件": "conditional",
        "not_shared": "not_shared", "not shared": "not_shared", "不予共享": "not_shared", "不共享": "not_shared",
    ]
    private static let grades = [
        "core": "core", "核心": "core", "核心数据": "core", "important": "important", "重要": "important", "重要数据": "important",
        "general": "general", "一般": "general", "一般数据": "general",
    ]
    private static let kinds = [
        "purpose": "purpose", "用途": "purpose", "region": "region", "地域": "region", "sector": "sector",
        "行业": "sector", "redistribution": "redistribution", "再分发": "redistribution", "retention": "retention",
        "保存期限": "retention", "fee": "fee", "费用": "fee", "qualification": "qualification", "资质": "qualification",
    ]
    private static let words = [
        "redistribution": ["forbidden", "with_consent", "free"], "fee": ["free", "guided", "market"],
    ]

    mutating func addSharing(sharingClass: String?, basis: String?, grade: String?) {
        entry.sharingClass = known(sharingClass, of: Self.classes, "sharingClass")
        entry.sharingBasis = line(basis, "sharingBasis")
        entry.grade = known(grade, of: Self.grades, "grade")
    }

    private mutating func known(_ text: String?, of words: [String: String], _ field: String) -> String? {
        guard let text = line(text, field, longest: 100) else { return nil }
        if let word = words[text.lowercased()] { return word }
        note(.unknownValue, field, "'\(text)' is not one of the known values; it was left out.")
        return nil
    }

    /// - Parameter number: of days, for a retention.
    mutating func addCondition(kind: String?, values: [String], number: Int? = nil, basis: String?) {
        let values = lines(values, "conditions.value")
        guard let kind = kind.flatMap({ Self.kinds[$0.trimmingCharacters(in: .whitespaces)] }),
            let value = Self.value(of: kind, values, number ?? values.first.flatMap { Int($0) })
        else {
            let place = "conditions[\(entry.conditions?.count ?? 0)]"
            note(.unknownValue, place, "The condition '\(kind?.prefix(40) ?? "")' cannot be read; it was left out.")
            return
        }
        let condition = CatalogueCondition(kind: kind, value: value, basis: line(basis, "conditions.basis"))
        entry.conditions = (entry.conditions ?? []) + [condition]
    }

    private static func value(of kind: String, _ values: [String], _ number: Int?) -> Condition.Value? {
        if kind == "retention" { return number.flatMap { $0 > 0 ? .days($0) : nil } }
        if let known = words[kind] { return values.first.flatMap { known.contains($0) ? .level($0) : nil } }
        let form =
            switch kind {
            case "region": #/[0-9]{6}/#
            case "sector": #/[A-T]/#
            default: #/.+/#
            }
        guard !values.isEmpty, values.allSatisfy({ $0.wholeMatch(of: form) != nil }) else { return nil }
        return .set(values)
    }

    /// `用途：research、credit；地域：350000`; what names no kind is what the user has to be qualified by.
    mutating func addConditions(_ text: String?, basis: String?) {
        for part in (text ?? "").split(whereSeparator: { ";；\n".contains($0) }) {
            let halves = part.split(maxSplits: 1, whereSeparator: { ":：".contains($0) }).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            if halves.count == 2, Self.kinds[halves[0]] != nil {
                let values = halves[1].split { "、,，".contains($0) }.map(String.init)
                addCondition(kind: halves[0], values: values, basis: basis)
            } else if let whole = line(String(part), "conditions") {
                addCondition(kind: "qualification", values: [whole], basis: basis)
            }
        }
    }

    mutating func item(name: String?, type: String?, description: String?) -> CatalogueItem? {
        guard let name = line(name, "items.name", longest: 500) else { return nil }
        return CatalogueItem(
            name: name, type: line(type, "items.type", longest: 100),
            description: line(description, "items.description"))
    }

    mutating func lines(_ texts: [String]?, _ field: String) -> [String] {
        (texts ?? []).compactMap { line($0, field, longest: 500) }
    }
}
