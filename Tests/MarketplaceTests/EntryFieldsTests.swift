import Foundation
import Marketplace
import Testing

@Suite struct EntryFieldsTests {
    @Test func `every problem of a document is told at once, each with its place`() throws {
        let text = """
            {"titles": [{"text": " "}], "items": [{"name": "a", "type": "text", "description": "x"},
             {"name": "a", "type": 7, "description": "x"}], "sharing_class": "secret", "personal_information": 1,
             "conditions": [{"kind": "region", "value": ["35"], "basis": "Law"}, {"kind": "retention", "value": 0, "basis": "L"},
             {"kind": "fee", "value": "cheap"}], "colour": "red"}
            """
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        #expect { try EntryFields(object, isNew: true) } throws: {
            let places = ($0 as? InvalidFields)?.problems.map(\.field) ?? []
            return Set(places) == [
                "fields.titles[0].text", "fields.items[1].name", "fields.items[1].type", "fields.sharing_class",
                "fields.personal_information", "fields.conditions[0].value[0]", "fields.conditions[1].value",
                "fields.conditions[2].basis", "fields.conditions[2].value", "fields.colour",
            ]
        }
    }

    @Test func `a request of one kind has no members of another`() {
        #expect {
            try DraftRequest(["kind": "withdrawal", "entry": "A", "fields": [:], "reason": "r", "basis": "b"])
        } throws: { ($0 as? InvalidFields)?.problems.map(\.field) == ["fields"] }
        #expect { try DraftRequest(["kind": "correction", "entry": "A", "reason": "r", "basis": "b"]) } throws: {
            ($0 as? InvalidFields)?.problems.map(\.field) == ["valid_from", "fields"]
        }
    }

    @Test func `what is not shared needs a basis`() async throws {
        try await DraftFixture.with { it in
            let fields = DraftFixture.content.merging(["sharing_class": "not_shared"]) { $1 }
            await #expect { try await it.compile(DraftFixture.new(["fields": fields])) } throws: {
                ($0 as? InvalidFields)?.field == "fields.sharing_basis"
            }
        }
    }
}
