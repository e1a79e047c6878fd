import Foundation

/// A use that an operator's system reports, as a CloudEvent 1.0: `type` says which meters count it, `subject` is the
/// entitlement, and in `data` stands what they count.
public struct UsageReport: Sendable {
    let source: String
    let id: String
    let type: String
    let entitlement: UUID
    /// Nil: when it is received.
    let occurredAt: Date?
    let data: ScannedJSON.Value?
    /// What was sent for it; 0 when the data does not say so.
    let bytes: Int
    /// What claims the event's name: half of the SHA-256 of operator, source and id.
    let name: UUID
    /// SHA-256 of the event's canonical JSON.
    let digest: [UInt8]

    private static let largestSize = 1_000_000_000_000_000

    /// - Parameter room: to write in; the next event uses it again.
    /// - Throws: `InvalidInput` that names the attribute.
    init(_ event: ScannedJSON.Value, of operatorID: UUID, in room: inout [UInt8]) throws {
        guard event.isObject else { throw InvalidInput("event", "An event is a JSON object.") }
        guard try Self.text("specversion", of: event, longest: 10) == "1.0" else {
            throw InvalidInput("specversion", "The market reads CloudEvents of version 1.0.")
        }
        source = try Self.text("source", of: event, longest: 500)
        id = try Self.text("id", of: event, longest: 255)
        type = try Self.text("type", of: event, longest: 100)
        guard let entitlement = UUID(uuidString: try Self.text("subject", of: event, longest: 100)) else {
            throw InvalidInput("subject", "The subject is the id of an entitlement.")
        }
        self.entitlement = entitlement
        let time = try Self.optionalText("time", of: event, longest: 40)
        occurredAt = try time.map { try parsedTime($0, field: "time") }
        data = event["data"].flatMap { $0.isNull ? nil : $0 }
        guard data?.isObject ?? true else { throw InvalidInput("data", "The data is a JSON object.") }
        bytes = try Self.size(data?["bytes"])
        name = Self.name(operatorID, source, id, in: &room)
        room.removeAll(keepingCapacity: true)
        do {
            // Data is JSON unless it is said to be something else, and in binary mode a header says so: an event is the
            // same in both.
            let isLabelled = event["datacontenttype"]?.text == "application/json"
            try event.writeCanonical(to: &room, without: isLabelled ? "datacontenttype" : nil)
        } catch let error as NotCanonical {
            throw InvalidInput("event", "The event has no canonical form: \(error.description).")
        }
        digest = SHA256.digest(room)
    }

    private static func name(_ operatorID: UUID, _ source: String, _ id: String, in room: inout [UInt8]) -> UUID {
        room.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: operatorID.uuid) { room += $0 }
        room += source.utf8
        // Neither holds a NUL.
        room.append(0)
        room += id.utf8
        return SHA256.digest(room).withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    private static func text(_ name: String, of event: ScannedJSON.Value, longest: Int) throws -> String {
        guard let text = try optionalText(name, of: event, longest: longest) else {
            throw InvalidInput(name, "This attribute is missing.")
        }
        return text
    }

    private static func optionalText(_ name: String, of event: ScannedJSON.Value, longest: Int) throws -> String? {
        guard let value = event[name], !value.isNull else { return nil }
        guard let text = value.text else { throw InvalidInput(name, "This attribute must be a text.") }
        // Blanks beyond ASCII are looked for only in what is not plainly text.
        guard text.utf8.first.map({ 0x21...0x7E ~= $0 }) ?? false || !text.allSatisfy(\.isWhitespace) else {
            throw InvalidInput(name, "This attribute is empty.")
        }
        guard text.utf8.count <= longest || text.unicodeScalars.count <= longest else {
            throw InvalidInput(name, "This attribute is longer than \(longest) characters.")
        }
        guard !text.utf8.contains(0) else { throw InvalidInput(name, "This attribute holds a NUL character.") }
        return text
    }

    private static func size(_ value: ScannedJSON.Value?) throws -> Int {
        guard let value, !value.isNull else { return 0 }
        guard let number = value.number.flatMap({ Int($0) }), (0...largestSize).contains(number) else {
            throw InvalidInput("data.bytes", "This is a whole number from 0 to \(largestSize).")
        }
        return number
    }
}
