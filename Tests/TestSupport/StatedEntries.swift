import Foundation
import Postgres

/// What a test makes a directory entry state, without a catalogue that says it.
public func state(_ members: String, of entry: String, in database: Database) async throws {
    let changed = try await database.execute(
        Statement(
            name: "test/state",
            text: """
                UPDATE directory_entry_version SET document = document || $1::text::jsonb
                WHERE entry_id = (SELECT entry_id FROM directory_entry_version WHERE title = $2 LIMIT 1)
                """), members, entry)
    precondition(changed > 0, "no entry is titled \(entry)")
}
