import Foundation

/// A use that somebody asks about.
public struct IntendedUse: Sendable {
    public let meter: String?
    public let quantity: String?
    public let purpose: String?

    /// - Parameter quantity: a decimal number above 0.
    public init(meter: String? = nil, quantity: String? = nil, purpose: String? = nil) throws {
        if let quantity {
            guard meter != nil else { throw InvalidInput("meter", "Say what the quantity is of.") }
            try Self.checkQuantity(quantity)
        }
        (self.meter, self.quantity, self.purpose) = (meter, quantity, purpose)
    }

    static func checkQuantity(_ text: String) throws {
        guard text.wholeMatch(of: /[0-9]{1,18}(\.[0-9]{1,9})?/) != nil, text.contains(where: { "1"..."9" ~= $0 }) else {
            throw InvalidInput(
                "quantity", "'\(text.prefix(60))' is not a decimal number above 0 of at most 18 digits and 9 decimals.")
        }
    }
}

extension IntendedUse {
    private static let most = 500

    /// The uses that a JSON text lists: `{"uses": [{"entitlement": …, "meter": …, "quantity": …, "purpose": …}, …]}`.
    /// - Throws: `InvalidInput` that names the use by its place, and the member.
    public static func list(json: [UInt8]) throws -> [(entitlement: UUID, use: IntendedUse)] {
        let body: ScannedJSON
        do { body = try ScannedJSON(json) } catch {
            throw InvalidInput("body", "The body cannot be read as JSON: \(error).")
        }
        guard let members = body.root.members else { throw InvalidInput("body", "The body must be a JSON object.") }
        if let other = members.first(where: { $0.name != "uses" }) {
            throw InvalidInput(String(other.name.prefix(100)), "No such member; this takes uses.")
        }
        guard members.count == 1, let uses = members[0].value.list, (1...most).contains(uses.count) else {
            throw InvalidInput("uses", "This member must be, once, an array of 1 to \(most) uses.")
        }
        return try uses.enumerated().map { place, use in
            guard let members = use.members else {
                throw InvalidInput("uses[\(place)]", "A use must be a JSON object.")
            }
            do { return try Self.use(members) } catch let problem as InvalidInput {
                throw InvalidInput("uses[\(place)].\(problem.field ?? "")", problem.message)
            }
        }
    }

    private static func use(_ members: [(name: String, value: ScannedJSON.Value)]) throws -> (UUID, IntendedUse) {
        let known: Set = ["entitlement", "meter", "quantity", "purpose"]
        var (texts, seen) = ([String: String](), Set<String>())
        for (name, value) in members {
            guard known.contains(name) else {
                throw InvalidInput(
                    String(name.prefix(100)), "No such member; a use takes \(known.sorted().joined(separator: ", ")).")
            }
            guard seen.insert(name).inserted else { throw InvalidInput(name, "This member is given more than once.") }
            if value.isNull { continue }
            guard let text = value.text ?? (name == "quantity" ? value.number : nil), !text.isEmpty,
                text.utf8.count <= 800, text.count <= 200, !text.utf8.contains(0)
            else { throw InvalidInput(name, "This member must be a text of 1 to 200 characters.") }
            texts[name] = text
        }
        guard let entitlement = texts["entitlement"].flatMap(UUID.init(uuidString:)) else {
            throw InvalidInput("entitlement", "This is missing, or not the id of an entitlement.")
        }
        return (
            entitlement,
            try IntendedUse(meter: texts["meter"], quantity: texts["quantity"], purpose: texts["purpose"])
        )
    }
}
