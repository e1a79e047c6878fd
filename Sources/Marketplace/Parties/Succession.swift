import Foundation
import Postgres

/// The document that something rests on: how it is quoted, and the SHA-256 of its text.
public struct Basis: Sendable, Hashable {
    public let reference: String
    public let sha256: [UInt8]

    /// - Parameter sha256: 64 hexadecimal digits.
    public init(reference: String, sha256 text: String) throws {
        let digits = Array(text.utf8)
        let bytes = stride(from: 0, to: digits.count - digits.count % 2, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
        }
        guard digits.count == 64, bytes.count == 32, !digits.contains(UInt8(ascii: "+")) else {
            throw InvalidInput("basis_sha256", "The SHA-256 of the basis is 64 hexadecimal digits.")
        }
        self.reference = reference
        sha256 = bytes
    }

    /// - Parameter document: the bytes of the document itself.
    public init(reference: String, document: [UInt8]) {
        self.reference = reference
        sha256 = SHA256.digest(document)
    }
}

/// A body that was renamed, merged into others or split: who answers in its place from a day on.
public struct Succession: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case renamed, merged, split }

    /// One that takes over. It takes the subjects it names, the roles it names, or the rest when it names nothing.
    public struct Successor: Sendable, Codable {
        public var party: String
        public var roles: [String]?
        /// Codes of directory entries and products.
        public var subjects: [String]?

        public init(party: String, roles: [String]? = nil, subjects: [String]? = nil) {
            self.party = party
            self.roles = roles
            self.subjects = subjects
        }
    }

    let predecessor: String
    let kind: Kind
    let effectiveOn: String
    let basis: Basis
    let successors: [Successor]

    /// - Parameter effectiveOn: a day such as `2026-03-01`; it begins at midnight in Beijing.
    /// - Throws: `InvalidInput` that names the member and the reason.
    public init(
        of predecessor: String, kind: Kind, effectiveOn: String, basis: Basis, successors: [Successor]
    ) throws {
        guard effectiveOn.utf8.count == 10, (try? parsedTime(effectiveOn, field: "effective_on")) != nil else {
            throw InvalidInput("effective_on", "'\(effectiveOn.prefix(60))' is not a day like 2026-03-01.")
        }
        guard !successors.isEmpty, successors.count <= 50 else {
            throw InvalidInput("successors", "A succession names 1 to 50 successors.")
        }
        guard kind == .split || successors.count == 1 else {
            throw InvalidInput("successors", "Only a split has more than one successor.")
        }
        for (place, successor) in successors.enumerated() {
            if let role = successor.roles?.first(where: { !Responsibilities.roles.contains($0) }) {
                let known = Responsibilities.roles.joined(separator: ", ")
                throw InvalidInput("successors[\(place)].roles", "'\(role.prefix(60))' is not one of \(known).")
            }
            guard successor.roles?.isEmpty != true, successor.subjects?.isEmpty != true else {
                throw InvalidInput("successors[\(place)]", "An empty list takes nothing; leave it out for everything.")
            }
        }
        (self.predecessor, self.kind, self.effectiveOn) = (predecessor, kind, effectiveOn)
        (self.basis, self.successors) = (basis, successors)
    }

    func successorsJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(successors), as: UTF8.self)
    }

    /// By which the same succession is recognised when it is stated again.
    func digest() throws -> [UInt8] {
        let text = "\(predecessor)\n\(kind.rawValue)\n\(effectiveOn)\n\(basis.reference)\n\(try successorsJSON())"
        return SHA256.digest(Array(text.utf8) + basis.sha256)
    }
}

public enum SuccessionError: MarketplaceError {
    case unknown(what: String, code: String)
    case alreadySucceeded(String)
    case circle(String)
    case inFuture(String)
    case unassigned(Int, examples: [String])
    case unknownSuccession(String), alreadyCorrected, correctsNothing, notCompetent

    public var code: RefusalCode {
        switch self {
        case .unknown, .inFuture: .unprocessable
        case .alreadySucceeded, .circle, .unassigned, .alreadyCorrected, .correctsNothing: .conflict
        case .unknownSuccession: .notFound
        case .notCompetent: .forbidden
        }
    }

    public var field: String? {
        switch self {
        case .unknown, .circle, .unassigned: "successors"
        case .inFuture: "effective_on"
        case .alreadySucceeded, .unknownSuccession, .alreadyCorrected, .correctsNothing, .notCompetent: nil
        }
    }

    public var message: String {
        switch self {
        case .unknown(let what, let code):
            what == "party"
                ? "No party has the code \(code)." : "No directory entry and no product has the code \(code)."
        case .alreadySucceeded(let code): "Another succession of the party \(code) is recorded already."
        case .circle(let code): "The party \(code) cannot be succeeded by itself, nor by one it answers for in turn."
        case .unknownSuccession(let code): "The party \(code) has no such succession."
        case .alreadyCorrected: "This succession was corrected already."
        case .correctsNothing: "This is the succession that is recorded; there is nothing to correct."
        case .notCompetent:
            "Only the administration that recorded a succession corrects it, or who answers in its place."
        case .inFuture(let day): "\(day) lies ahead; record a succession when it has come into effect."
        case .unassigned(let count, let examples):
            """
            No successor takes \(count) of the party's responsibilities: \(examples.joined(separator: ", "))\
            \(count > examples.count ? " and others" : ""). Name them, or let one successor take the rest.
            """
        }
    }
}
