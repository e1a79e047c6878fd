import Foundation

/// What can be wrong with a listing whatever the market holds: every refusal names its member.
extension ProductListing {
    public func check() throws {
        try Self.checkCode(code, "code")
        try title.check("title", limit: 500)
        try description.check("description", limit: 10_000)
        try Self.checkChoice(
            kind, "kind", ["data_set", "report", "visual_product", "index", "api", "encrypted_data"])
        try Self.checkChoice(useClass, "use_class", ["public_benefit", "industry"])
        try Self.checkText(table, "table", limit: 200)
        try Self.checkText(source.title, "source.title", limit: 500)
        try Self.checkText(source.url, "source.url", limit: 2_000)
        try Self.checkColumns(columns, keys: keys ?? [])
        try Self.checkEntries(entries ?? [])
        if let watermark { try Self.checkChoice(watermark, "watermark", ["none", "name", "order"]) }
        if let assessment { try Self.checkText(assessment, "assessment", limit: 500) }
        for (index, offer) in offers.enumerated() { try offer.check("offers[\(index)].", useClass: useClass) }
    }

    static func checkCode(_ code: String, _ field: String) throws {
        guard code.wholeMatch(of: /[A-Z0-9][A-Z0-9\-]{1,39}/) != nil else {
            throw InvalidInput(field, "A code has 2 to 40 capital letters, digits and hyphens, like DP-AIR-001.")
        }
    }

    static func checkText(_ text: String, _ field: String, limit: Int) throws {
        guard !text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            throw InvalidInput(field, "This member is empty.")
        }
        guard text.utf8.count <= limit else { throw InvalidInput(field, "This member is longer than \(limit) bytes.") }
        guard !text.contains("\0") else { throw InvalidInput(field, "This member holds a NUL character.") }
    }

    static func checkChoice(_ value: String, _ field: String, _ choices: [String]) throws {
        guard choices.contains(value) else {
            throw InvalidInput(field, "'\(value.prefix(100))' is not one of \(choices.joined(separator: ", ")).")
        }
    }
}

extension ProductListing.Text {
    func check(_ field: String, limit: Int) throws {
        try ProductListing.checkText(zh, "\(field).zh", limit: limit)
        try ProductListing.checkText(en, "\(field).en", limit: limit)
    }
}

extension ProductListing.Offer {
    /// - Parameters:
    ///   - path: what stands before the names of the members in a refusal.
    ///   - useClass: of the product; nil when it is not known here.
    public func check(_ path: String = "", useClass: String? = nil) throws {
        try ProductListing.checkCode(code, "\(path)code")
        try checkPlan(path, useClass: useClass)
        guard Money.isCurrency(currency) else {
            throw InvalidInput("\(path)currency", "A currency is a code of ISO 4217, like CNY.")
        }
        try title.check("\(path)title", limit: 500)
        guard !purposes.isEmpty, purposes.allSatisfy({ $0.wholeMatch(of: /[a-z][a-z0-9_]{0,39}/) != nil }) else {
            throw InvalidInput("\(path)purposes", "Purposes are a list of codes like risk_assessment, at least one.")
        }
        guard (1...36_500).contains(termDays) else {
            throw InvalidInput("\(path)term_days", "A term has 1 to 36500 days.")
        }
        var seen: Set<Condition.Kind> = []
        for (index, condition) in (conditions ?? []).enumerated() {
            let field = "\(path)conditions[\(index)]"
            guard seen.insert(condition.kind).inserted else {
                throw InvalidInput("\(field).kind", "An offer states one condition of each kind.")
            }
            guard condition.kind != .fee || kind != "free" else {
                throw InvalidInput("\(field).kind", "A free offer has no fee condition.")
            }
            try condition.check(field)
        }
    }
}
