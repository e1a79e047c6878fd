/// Project Open Data `data.json` 1.1 and its Argentine profile.
enum ProjectOpenDataReader {
    static func candidate(_ fields: JSONTree, position: Int) -> Candidate {
        var candidate = Candidate(position: position)
        guard fields.isObject else {
            candidate.refuse(.malformedEntry, "dataset[\(position - 1)]", "This is not an object.")
            return candidate
        }
        let text = { (name: String) in fields[name]?.text }
        let identifier =
            candidate.line(text("identifier"), "identifier") ?? candidate.line(text("landingPage"), "landingPage")
        candidate.entry.identifier = identifier ?? ""
        for name in ["title", "description", "identifier"] {
            if let other = fields[name], !other.isNull, other.text == nil {
                candidate.refuse(.malformedEntry, name, "This must be a text.")
                return candidate
            }
        }
        let language = candidate.line(fields["language"]?.texts.first, "language", longest: 40)
        candidate.addTitle(text("title"), language: language)
        candidate.addDescription(text("description"), language: language)
        candidate.entry.language = language
        candidate.entry.publisher = party(fields["publisher"], &candidate)
        candidate.entry.contact = contact(fields["contactPoint"], &candidate)
        candidate.entry.keywords = candidate.lines(fields["keyword"]?.texts, "keyword")
        candidate.entry.themes = candidate.lines(fields["theme"]?.texts, "theme")
        candidate.entry.updateFrequency = candidate.line(text("accrualPeriodicity"), "accrualPeriodicity", longest: 200)
        candidate.entry.issued = candidate.date(text("issued"), "issued")
        candidate.entry.modified = candidate.date(text("modified"), "modified")
        candidate.entry.licence = candidate.line(text("license"), "license")
        candidate.entry.landingPage = candidate.line(text("landingPage"), "landingPage")
        candidate.entry.accessLevel = candidate.line(text("accessLevel"), "accessLevel")
        candidate.entry.spatial = candidate.line(text("spatial"), "spatial")
        candidate.entry.distributions = distributions(fields["distribution"], &candidate)
        candidate.entry.items = items(fields, &candidate)
        addSharing(fields, &candidate)
        candidate.finish()
        return candidate
    }

    /// Of the access levels only `public` says for certain what it means for sharing.
    private static func addSharing(_ fields: JSONTree, _ candidate: inout Candidate) {
        let isPublic = candidate.entry.accessLevel?.lowercased() == "public"
        candidate.addSharing(
            sharingClass: fields["sharingClass"]?.text ?? (isPublic ? "unconditional" : nil),
            basis: fields["sharingBasis"]?.text, grade: fields["grade"]?.text)
        candidate.entry.personalInformation = fields["personalInformation"]?.truth
        candidate.entry.receivedFrom = candidate.line(fields["receivedFrom"]?.text, "receivedFrom", longest: 200)
        for condition in fields["conditions"]?.list ?? [] {
            candidate.addCondition(
                kind: condition["kind"]?.text, values: condition["value"]?.texts ?? [],
                number: condition["value"]?.number, basis: condition["basis"]?.text)
        }
    }

    /// The Argentine profile lists the fields of each distribution; the same field of a second one is not repeated.
    private static func items(_ fields: JSONTree, _ candidate: inout Candidate) -> [CatalogueItem] {
        var seen: Set<CatalogueItem> = []
        let lists = [fields["items"]] + (fields["distribution"]?.list ?? []).map { $0["field"] }
        return lists.flatMap { $0?.list ?? [] }.compactMap { field in
            candidate.item(
                name: field["name"]?.text ?? field["title"]?.text, type: field["type"]?.text,
                description: field["description"]?.text)
        }.filter { seen.insert($0).inserted }
    }

    private static func party(_ fields: JSONTree?, _ candidate: inout Candidate) -> CatalogueParty? {
        guard let fields, let name = candidate.line(fields["name"]?.text, "publisher.name", longest: 500) else {
            return nil
        }
        let parent = fields["subOrganizationOf"]?["name"]?.text
        return CatalogueParty(
            name: name, parentName: candidate.line(parent, "publisher.subOrganizationOf", longest: 500))
    }

    /// Names only: what looks like an address or a telephone is left out.
    private static func contact(_ fields: JSONTree?, _ candidate: inout Candidate) -> CatalogueParty? {
        guard let fields else { return nil }
        if let email = fields["hasEmail"]?.text, !email.isEmpty, !email.contains("@") {
            candidate.note(.malformedAddress, "contactPoint.hasEmail", "The contact's e-mail address has no @.")
        }
        guard let name = candidate.line(fields["fn"]?.text, "contactPoint.fn", longest: 500),
            !ContactText.isPersonal(name)
        else { return nil }
        return CatalogueParty(name: name)
    }

    private static func distributions(_ value: JSONTree?, _ candidate: inout Candidate) -> [CatalogueDistribution] {
        (value?.list ?? []).filter(\.isObject).map { fields in
            CatalogueDistribution(
                title: candidate.line(fields["title"]?.text, "distribution.title"),
                format: candidate.line(fields["format"]?.text, "distribution.format"),
                mediaType: candidate.line(fields["mediaType"]?.text, "distribution.mediaType"),
                accessURL: candidate.line(fields["accessURL"]?.text, "distribution.accessURL"),
                downloadURL: candidate.line(fields["downloadURL"]?.text, "distribution.downloadURL"))
        }
    }
}

/// Whether a contact's name gives more away than an organisation's name.
enum ContactText {
    static func isPersonal(_ name: String) -> Bool {
        name.contains("@") || name.filter(\.isNumber).count >= 6
    }
}
