import Foundation

/// Project Open Data `data.json` 1.1 and its Argentine profile.
enum ProjectOpenDataReader {
    static func read(_ content: [UInt8]) throws -> [Candidate] {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(content))
        } catch {
            throw unreadable(content, error)
        }
        guard let catalogue = value as? [String: Any], let datasets = catalogue["dataset"] as? [Any] else {
            throw CatalogueUnreadable(.wrongFormat, "A data.json is an object with a list `dataset`; this file is not.")
        }
        return datasets.enumerated().map { candidate($0.element, position: $0.offset + 1) }
    }

    private static func candidate(_ value: Any, position: Int) -> Candidate {
        var candidate = Candidate(position: position)
        guard let fields = value as? [String: Any] else {
            candidate.refuse(.malformedEntry, "dataset[\(position - 1)]", "This is not an object.")
            return candidate
        }
        let text = { (name: String) in fields[name] as? String }
        let identifier =
            candidate.line(text("identifier"), "identifier") ?? candidate.line(text("landingPage"), "landingPage")
        candidate.entry.identifier = identifier ?? ""
        for name in ["title", "description", "identifier"] {
            if let other = fields[name], !(other is NSNull), !(other is String) {
                candidate.refuse(.malformedEntry, name, "This must be a text.")
                return candidate
            }
        }
        let language = (fields["language"] as? [String])?.first ?? text("language")
        candidate.addTitle(text("title"), language: language)
        candidate.addDescription(text("description"), language: language)
        candidate.entry.language = language
        candidate.entry.publisher = party(fields["publisher"], &candidate)
        candidate.entry.contact = contact(fields["contactPoint"], &candidate)
        candidate.entry.keywords = texts(fields["keyword"], "keyword", &candidate)
        candidate.entry.themes = texts(fields["theme"], "theme", &candidate)
        candidate.entry.updateFrequency = candidate.line(text("accrualPeriodicity"), "accrualPeriodicity", longest: 200)
        candidate.entry.issued = candidate.date(text("issued"), "issued")
        candidate.entry.modified = candidate.date(text("modified"), "modified")
        candidate.entry.licence = candidate.line(text("license"), "license")
        candidate.entry.landingPage = candidate.line(text("landingPage"), "landingPage")
        candidate.entry.accessLevel = candidate.line(text("accessLevel"), "accessLevel")
        candidate.entry.spatial = candidate.line(text("spatial"), "spatial")
        candidate.entry.distributions = distributions(fields["distribution"], &candidate)
        candidate.finish()
        return candidate
    }

    private static func party(_ value: Any?, _ candidate: inout Candidate) -> CatalogueParty? {
        guard let fields = value as? [String: Any],
            let name = candidate.line(fields["name"] as? String, "publisher.name", longest: 500)
        else { return nil }
        let parent = (fields["subOrganizationOf"] as? [String: Any])?["name"] as? String
        return CatalogueParty(
            name: name, parentName: candidate.line(parent, "publisher.subOrganizationOf", longest: 500))
    }

    /// Names only: what looks like an address or a telephone is left out.
    private static func contact(_ value: Any?, _ candidate: inout Candidate) -> CatalogueParty? {
        guard let fields = value as? [String: Any] else { return nil }
        if let email = fields["hasEmail"] as? String, !email.isEmpty, !email.contains("@") {
            candidate.note(.malformedAddress, "contactPoint.hasEmail", "The contact's e-mail address has no @.")
        }
        guard let name = candidate.line(fields["fn"] as? String, "contactPoint.fn", longest: 500),
            !ContactText.isPersonal(name)
        else { return nil }
        return CatalogueParty(name: name)
    }

    private static func texts(_ value: Any?, _ field: String, _ candidate: inout Candidate) -> [String] {
        let list = value as? [Any] ?? (value as? String).map { [$0] } ?? []
        return list.compactMap { candidate.line($0 as? String, field, longest: 500) }
    }

    private static func distributions(_ value: Any?, _ candidate: inout Candidate) -> [CatalogueDistribution] {
        var found: [CatalogueDistribution] = []
        for case let fields as [String: Any] in value as? [Any] ?? [] {
            found.append(
                CatalogueDistribution(
                    title: candidate.line(fields["title"] as? String, "distribution.title"),
                    format: candidate.line(fields["format"] as? String, "distribution.format"),
                    mediaType: candidate.line(fields["mediaType"] as? String, "distribution.mediaType"),
                    accessURL: candidate.line(fields["accessURL"] as? String, "distribution.accessURL"),
                    downloadURL: candidate.line(fields["downloadURL"] as? String, "distribution.downloadURL")))
        }
        return found
    }

    /// Tells a file that ends too early from one that is no JSON.
    private static func unreadable(_ content: [UInt8], _ error: any Error) -> CatalogueUnreadable {
        let last = content.last { $0 > 0x20 }
        let isObject = content.first { $0 > 0x20 } == UInt8(ascii: "{")
        guard isObject else {
            return CatalogueUnreadable(.wrongFormat, "The file is not JSON: it does not begin with an object.")
        }
        let detail = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
        let lower = detail.lowercased()
        if last != UInt8(ascii: "}") || lower.contains("end of file") || lower.contains("unexpected end") {
            return CatalogueUnreadable(.truncated, "The file ends before its JSON does: it is truncated.")
        }
        let line = detail.firstMatch(of: /line (\d+)/).flatMap { Int($0.1) }
        return CatalogueUnreadable(.wrongFormat, "The file is not well-formed JSON. \(detail)", line: line)
    }
}

/// Whether a contact's name gives more away than an organisation's name.
enum ContactText {
    static func isPersonal(_ name: String) -> Bool {
        name.contains("@") || name.filter(\.isNumber).count >= 6
    }
}
