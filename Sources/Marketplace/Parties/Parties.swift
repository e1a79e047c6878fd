import Foundation
import Postgres

/// Organisations that answer for links of the chain, and enterprises.
public struct Parties: Sendable {
    let store: Store

    /// A party with a credit code, as it is stated in a list of bodies or enterprises.
    public struct Statement: Sendable {
        public var code: CreditCode
        public var nameZh: String
        public var nameEn: String
        public var kind: String
        public var enterpriseKind: String?
        public var industrySection: String?
        public var province: String?
        public var synthetic: Bool

        public init(
            code: CreditCode, nameZh: String, nameEn: String, kind: String, enterpriseKind: String? = nil,
            industrySection: String? = nil, province: String? = nil, synthetic: Bool
        ) {
            self.code = code
            self.nameZh = nameZh
            self.nameEn = nameEn
            self.kind = kind
            self.enterpriseKind = enterpriseKind
            self.industrySection = industrySection
            self.province = province
            self.synthetic = synthetic
        }
    }

    /// Adds the party or corrects its names and class.
    @discardableResult
    public func record(_ party: Statement, now: Date) async throws -> UUID {
        let id = try await store.database.first(
            store.statements["parties/insert_party"], UUID(), party.code.text, party.nameZh, party.nameEn, party.kind,
            party.enterpriseKind, party.industrySection, party.province, party.synthetic, now
        ) { try $0.next(UUID.self) }
        guard let id else { throw PartyError.unknown(party.code.text) }
        return id
    }

    public func find(_ code: String) async throws -> JSONDocument {
        guard let document = try await store.document("parties/find_party", code) else { throw try Self.unknown(code) }
        return document
    }

    /// - Throws: `PartyError.unknown`.
    public func id(of code: String) async throws -> UUID {
        let id = try await store.database.first(store.statements["parties/find_party_id"], code) {
            try $0.next(UUID.self)
        }
        guard let id else { throw try Self.unknown(code) }
        return id
    }

    /// What has the length of a credit code and no right check character is a slip of the pen, and is told so.
    static func unknown(_ code: String) throws -> PartyError {
        if code.count == 18, !code.contains("-") { _ = try CreditCode(code) }
        return .unknown(code)
    }
}

public enum PartyError: MarketplaceError {
    case unknown(String)

    public var code: RefusalCode { .notFound }
    public var message: String {
        switch self {
        case .unknown(let code): "No party has the code \(code)."
        }
    }
}
