import Foundation

/// A use that an operator's system reports, as a CloudEvent 1.0: `type` is the meter, `subject` the entitlement, `data`
/// `{"quantity", "bytes"}`, whole numbers, 1 and 0 when they are not said.
public struct UsageReport: Sendable {
    let source: String
    let id: String
    let meter: String
    let entitlement: UUID
    /// Nil: when it is received.
    let occurredAt: Date?
    let quantity: Int
    let bytes: Int
    /// SHA-256 of the event's canonical JSON.
    let digest: String

    static let largestQuantity = 1_000_000_000_000_000

    /// - Throws: `InvalidInput` that names the attribute.
    init(_ event: JSONTree) throws {
        guard event.isObject else { throw InvalidInput("event", "An event is a JSON object.") }
        guard try Self.text("specversion", of: event, longest: 10) == "1.0" else {
            throw InvalidInput("specversion", "The market reads CloudEvents of version 1.0.")
        }
        source = try Self.text("source", of: event, longest: 500)
        id = try Self.text("id", of: event, longest: 255)
        meter = try Self.text("type", of: event, longest: 40)
        guard let entitlement = UUID(uuidString: try Self.text("subject", of: event, longest: 100)) else {
            throw InvalidInput("subject", "The subject is the id of an entitlement.")
        }
        self.entitlement = entitlement
        let time = try Self.optionalText("time", of: event, longest: 40)
        occurredAt = try time.map { try parsedTime($0, field: "time") }
        let data = event["data"] ?? .null
        guard data.isNull || data.isObject else { throw InvalidInput("data", "The data is a JSON object.") }
        quantity = try Self.wholeNumber("quantity", of: data, from: 1) ?? 1
        bytes = try Self.wholeNumber("bytes", of: data, from: 0) ?? 0
        do {
            digest = SHA256.digest(try Self.unlabelled(event).canonical()).hexadecimal
        } catch let error as NotCanonical {
            throw InvalidInput("event", "The event has no canonical form: \(error.description).")
        }
    }

    /// Data is JSON unless it is said to be something else, and in binary mode a header says so: an event is the same in both.
    private static func unlabelled(_ event: JSONTree) -> JSONTree {
        guard case .object(var attributes) = event, event["datacontenttype"]?.text == "application/json" else {
            return event
        }
        attributes["datacontenttype"] = nil
        return .object(attributes)
    }

    private static func text(_ name: String, of event: JSONTree, longest: Int) throws -> String {
        guard let text = try optionalText(name, of: event, longest: longest) else {
            throw InvalidInput(name, "This attribute is missing.")
        }
        return text
    }

    private static func optionalText(_ name: String, of event: JSONTree, longest: Int) throws -> String? {
        guard let value = event[name], !value.isNull else { return nil }
        guard let text = value.text else { throw InvalidInput(name, "This attribute must be a text.") }
        guard !text.allSatisfy(\.isWhitespace) else { throw InvalidInput(name, "This attribute is empty.") }
        guard text.unicodeScalars.count <= longest else {
            throw InvalidInput(name, "This attribute is longer than \(longest) characters.")
        }
        guard !text.unicodeScalars.contains("\0") else {
            throw InvalidInput(name, "This attribute holds a NUL character.")
        }
        return text
    }

    private static func wholeNumber(_ name: String, of data: JSONTree, from least: Int) throws -> Int? {
        guard let value = data[name], !value.isNull else { return nil }
        guard case .number(let spelling) = value, let number = Int(spelling), number >= least,
            number <= largestQuantity
        else {
            throw InvalidInput("data.\(name)", "This is a whole number from \(least) to \(largestQuantity).")
        }
        return number
    }
}

/// What became of a reported use.
public enum UsageOutcome: Sendable, Equatable {
    /// It was counted now, or with an earlier report of the same event, as this usage event.
    case counted(UUID), repeated(UUID)
    case refused(UsageRefusal)
}

/// Why a reported use is not counted.
public struct UsageRefusal: MarketplaceError, Equatable {
    public let code: RefusalCode
    public let field: String?
    public let message: String

    init(_ code: RefusalCode, _ field: String?, _ message: String) {
        (self.code, self.field, self.message) = (code, field, message)
    }

    /// - Parameters: SHA-256 of the canonical JSON of both events.
    static func anotherContent(counted: String, sent: String) -> UsageRefusal {
        UsageRefusal(
            .conflict, "id",
            "This source reported another event under this id: counted was \(counted), sent was \(sent).")
    }
}
