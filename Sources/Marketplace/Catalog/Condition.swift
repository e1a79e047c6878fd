import Foundation

/// A machine-readable condition of use of an offer, with its legal basis.
public struct Condition: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case purpose, region, sector, redistribution, retention, fee, qualification
    }

    /// A set of codes or texts, a level, or a number of days: the kind says which.
    public enum Value: Sendable, Hashable, Codable {
        case set([String])
        case level(String)
        case days(Int)

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let days = try? container.decode(Int.self) {
                self = .days(days)
            } else if let level = try? container.decode(String.self) {
                self = .level(level)
            } else {
                self = .set(try container.decode([String].self))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .set(let elements): try container.encode(elements)
            case .level(let level): try container.encode(level)
            case .days(let days): try container.encode(days)
            }
        }
    }

    public var kind: Kind
    /// Absent for `purpose`, whose value are the offer's purposes; for `fee` absent, `guided` or `market`.
    public var value: Value?
    public var basis: String?

    /// - Throws: `InvalidInput` that names the member below `field`.
    func check(_ field: String) throws {
        if let basis { try ProductListing.checkText(basis, "\(field).basis", limit: 2_000) }
        guard isWellFormed else {
            throw InvalidInput("\(field).value", "The value of a condition of kind \(kind.rawValue) is \(expectation).")
        }
    }

    private var isWellFormed: Bool {
        switch (kind, value) {
        case (.purpose, nil), (.fee, nil): true
        case (.fee, .level(let level)?): ["guided", "market"].contains(level)
        case (.redistribution, .level(let level)?): ["forbidden", "with_consent", "free"].contains(level)
        case (.retention, .days(let days)?): (1...36_500).contains(days)
        case (.region, .set(let codes)?): !codes.isEmpty && codes.allSatisfy { $0.wholeMatch(of: /[0-9]{6}/) != nil }
        case (.sector, .set(let codes)?): !codes.isEmpty && codes.allSatisfy { $0.wholeMatch(of: /[A-T]/) != nil }
        case (.qualification, .set(let texts)?):
            !texts.isEmpty && texts.allSatisfy { !$0.isEmpty && !$0.contains("\0") && $0.utf8.count <= 500 }
        default: false
        }
    }

    private var expectation: String {
        switch kind {
        case .purpose: "absent: the offer's purposes are its value"
        case .fee: "guided, market or absent: the offer's price says whether there is a fee"
        case .redistribution: "forbidden, with_consent or free"
        case .retention: "a number of days from 1 to 36500"
        case .region: "a list of GB/T 2260 codes of six digits"
        case .sector: "a list of GB/T 4754 sections, A to T"
        case .qualification: "a list of texts"
        }
    }
}
