import Foundation
import Postgres

extension Fixtures {
    /// Enterprises that exist, whom figures must not give away; their ids.
    /// - Parameter sections: the section of GB/T 4754 of each.
    public static func realBuyers(sections: String, in database: Database, recordedAt: Date) async throws -> [UUID] {
        try await database.all(
            Statement(
                name: "test/real-buyers",
                text: """
                    INSERT INTO party (id, code, scheme, identifier, name, kind, enterprise_kind, industry_section, province,
                        synthetic, recorded_at)
                    SELECT gen_random_uuid(), code, 'uscc', code, 'Buyer ' || place, 'enterprise', 'private', section, '110000',
                        false, $2
                    FROM string_to_table($1, NULL) WITH ORDINALITY AS wanted (section, place),
                        LATERAL (SELECT credit_code_of('9111000' || lpad(place::text, 10, '0')) AS code) AS coded
                    RETURNING id
                    """), sections, recordedAt
        ) { try $0.next(UUID.self) }
    }
}
