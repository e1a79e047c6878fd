/// How the enterprises of a panel are counted; a metric's definition says what each rule means.
public enum CountingRule: String, Sendable, CaseIterable {
    case legalEntity = "legal_entity"
    case group

    /// - Parameter text: nil for legal entities.
    /// - Throws: `InvalidInput` that names the rules.
    public init(named text: String?, field: String = "count") throws {
        guard let rule = text.map(CountingRule.init(rawValue:)) ?? .legalEntity else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidInput(field, "'\(text?.prefix(40) ?? "")' is not one of \(known).")
        }
        self = rule
    }
}
