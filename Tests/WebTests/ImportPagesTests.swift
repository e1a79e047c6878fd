import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Imports in the portal: answered at once, watched on a page that refreshes itself while they run.
@Suite struct ImportPagesTests {
    private let catalogue = #"{"dataset": [{"identifier": "1", "title": "Wells"}, {"identifier": "2"}]}"#

    private func upload(
        _ content: String, as fileName: String = "wells.data.json", source: String = "", dryRun: Bool = false,
        language: String = "en", in web: WebFixture
    ) async throws -> WebFixture.Answer {
        let field = { (name: String, value: String) in
            "--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let body =
            field("source", source) + field("dry_run", "\(dryRun)")
            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(fileName)\"\r\n\r\n\(content)\r\n--x--\r\n"
        return try await web.post(
            "/administration/imports",
            headers: [
                "Authorization": "Bearer \(web.tokens[.administrator] ?? "")", "Accept-Language": language,
                "Accept": "text/html", "Content-Type": "multipart/form-data; boundary=x",
            ], body: Data(body.utf8))
    }

    private func page(_ path: String, in web: WebFixture) async throws -> WebFixture.Answer {
        try await web.send("GET", path, as: .administrator, headers: ["Accept-Language": "en"])
    }

    /// The page of an import when it has ended.
    private func ended(_ place: String, in web: WebFixture) async throws -> String {
        for _ in 0..<600 {
            let page = try await page(place, in: web)
            if page.headers["refresh"] == nil { return page.text }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CancellationError()
    }

    /// Uploads a file whose import waits where it stores its first problem, and gives the page that is shown meanwhile.
    private func uploadSlowly(_ content: String, as fileName: String, in web: WebFixture) async throws -> (
        place: String, running: WebFixture.Answer
    ) {
        try await web.database.withTransaction { transaction in
            // Readers may pass.
            try await transaction.script("LOCK TABLE directory_import_problem IN SHARE MODE")
            let answer = try await upload(content, as: fileName, in: web)
            #expect(answer.status == 303, "\(answer.text)")
            let place = answer.headers["location"] ?? ""
            return (place, try await page(place, in: web))
        }
    }

    @Test func `an import is answered while it runs, and its page refreshes itself until it has ended`() async throws {
        try await WebFixture.with { web in
            let (place, running) = try await uploadSlowly(catalogue, as: "wells.data.json", in: web)
            #expect(running.headers["refresh"] == "2" && running.text.contains("An import is going on"))
            #expect(running.text.contains("<dd>wells.data.json</dd>") && running.text.contains("No problems so far."))
            let report = try await ended(place, in: web)
            for words in [
                "What was imported", "<dt>Added</dt><dd>1</dd>", "<dt>Refused</dt><dd>1</dd>", "<dd>landed</dd>",
                "The entry has no title.",
            ] {
                #expect(report.contains(words), "\(words): \(report)")
            }
            #expect(try await page("/administration", in: web).text.contains(place))
        }
    }

    @Test func `a file that is refused while it is read says why on its page`() async throws {
        try await WebFixture.with { web in
            let (place, _) = try await uploadSlowly(catalogue, as: "city.data.json", in: web)
            let page = try await ended(place, in: web)
            #expect(page.contains("The file was refused") && page.contains("This file lacks 2 of the 2"), "\(page)")
        }
    }

    @Test func `a dry run is told on its page and lands nothing, and a file that landed last is not read again`()
        async throws
    {
        try await WebFixture.with { web in
            let place = try await upload(catalogue, source: "dry", dryRun: true, in: web).headers["location"] ?? ""
            let tried = try await ended(place, in: web)
            #expect(tried.contains("What the import would do") && tried.contains("<dt>Added</dt><dd>1</dd>"))
            #expect(try await web.send("GET", "/v1/directory/entries?q=Wells").json["total"] as? Int == 0)
            #expect(try await page("/administration", in: web).text.contains(place))
            _ = try await ended(upload(catalogue, in: web).headers["location"] ?? "", in: web)
            let again = try await upload(catalogue, in: web)
            #expect(again.status == 200 && again.text.contains("it was not read again"), "\(again.text)")
        }
    }

    @Test func `what is wrong at once is said on the form`() async throws {
        try await WebFixture.with { web in
            for (content, name, source, language, words) in [
                ("", "", "", "en", "Choose a file."), ("", "", "", "zh-CN", "请选择文件。"),
                (catalogue, "a.data.json", "not a code", "zh-CN", "来源代码须为"),
            ] {
                let answer = try await upload(content, as: name, source: source, language: language, in: web)
                #expect(answer.status == 400 && answer.text.contains(words), "\(words): \(answer.text)")
                #expect(answer.text.contains(#"action="/administration/imports""#))
            }
        }
    }

    @Test func `an import whose server was stopped says so, asks for the file again and does not refresh`() async throws
    {
        try await WebFixture.with { web in
            let place = try await upload(catalogue, in: web).headers["location"] ?? ""
            _ = try await ended(place, in: web)
            _ = try await web.database.execute(
                Statement(
                    name: "test/stop",
                    text:
                        "UPDATE directory_import SET state = 'reading', finished_at = NULL WHERE file_name = 'wells.data.json'"
                ))
            let stopped = try await page(place, in: web)
            #expect(stopped.headers["refresh"] == nil && stopped.text.contains("The import was interrupted"))
            #expect(stopped.text.contains(#"action="/administration/imports""#))
            #expect(try await page("/administration", in: web).text.contains("interrupted"))
        }
    }

    @Test func `only the administration watches imports, and there is none of an unknown id`() async throws {
        try await WebFixture.with { web in
            let place = try await upload(catalogue, in: web).headers["location"] ?? ""
            #expect(try await web.send("GET", place, as: .operator).status == 403)
            for id in [UUID().uuidString, "x"] {
                #expect(try await page("/administration/imports/\(id)", in: web).status == 404, "\(id)")
            }
        }
    }
}
