import Foundation
import Marketplace
import Postgres
import Testing

/// The profile of a product in the API and on its page.
@Suite struct ProfileRoutesTests {
    private let path = "/v1/products/DP-FLOOD-001/profile"

    @Test func `a product says where its profile is, and who has it already gets no copy`() async throws {
        try await WebFixture.with { web in
            let product = try await web.send("GET", "/v1/products/DP-FLOOD-001").json
            #expect((product["revision"] as? [String: Any])?["profile"] as? String == path)
            let profile = try await web.send("GET", path)
            #expect(profile.status == 200 && profile.json["rows"] as? Int == 2, "\(profile.text)")
            let tag = try #require(profile.headers["etag"])
            #expect(try await web.send("GET", path, headers: ["If-None-Match": tag]).status == 304)
        }
    }

    @Test func `what is no product, revision or table has no profile`() async throws {
        try await WebFixture.with { web in
            #expect(try await web.send("GET", "/v1/products/DP-NONE/profile").status == 404)
            #expect(try await web.send("GET", "\(path)?revision=1").status == 200)
            for number in ["2", "0", "-1", "1000000000"] {
                #expect(try await web.send("GET", "\(path)?revision=\(number)").status == 404, "\(number)")
            }
            #expect(try await web.send("GET", "\(path)?revision=one").status == 400)
            // The rules of a later program, so that the table that is being made of the content changes nothing.
            try await web.database.execute(
                Statement(
                    name: "test/picture",
                    text: """
                        INSERT INTO product_revision_profile AS profile (product_id, number, rules, document, profiled_at)
                        SELECT product_id, number, 1000, NULL, published_at FROM product_revision
                        ON CONFLICT (product_id, number) DO UPDATE SET rules = excluded.rules, document = NULL
                        """))
            let refused = try await web.send("GET", path)
            #expect(refused.status == 404 && refused.text.contains("no table"), "\(refused.text)")
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en").text
            #expect(page.contains("The content is no table, so it has no profile."))
        }
    }

    @Test func `the product page shows the profile and the figures of quality with their definitions`() async throws {
        try await WebFixture.with { web in
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en").text
            for shown in ["quartiles 3 / 3 / 4", "Completeness", "The share of cells that are not empty", "Freshness"] {
                #expect(page.contains(shown), "\(shown): \(page)")
            }
            let chinese = try await web.send("GET", "/products/DP-FLOOD-001?lang=zh").text
            #expect(chinese.contains("数据概况") && chinese.contains("非空单元格占全部单元格的比例"))
        }
    }
}
