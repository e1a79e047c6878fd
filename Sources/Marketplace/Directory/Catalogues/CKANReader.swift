/// Packages of CKAN as `ckanapi dump datasets`, `package_search` and `current_package_list_with_resources` give them.
enum CKANReader {
    /// What CKAN keeps beside datasets: harvesters, showcases, and packages that were deleted.
    static func isNoDataset(_ package: JSONTree) -> Bool {
        package["state"]?.text == "deleted" || package["type"]?.text.map { $0 != "dataset" } ?? false
    }

    static func candidate(_ package: JSONTree, position: Int) -> Candidate {
        var candidate = Candidate(position: position)
        guard package.isObject else {
            candidate.refuse(.malformedEntry, "package \(position)", "This is not an object.")
            return candidate
        }
        let extras = (package["extras"]?.list ?? []).reduce(into: [String: String]()) {
            if let key = $1["key"]?.text { $0[key] = $1["value"]?.text }
        }
        let text = { (name: String) in package[name]?.text }
        candidate.entry.identifier =
            candidate.line(text("id"), "id") ?? candidate.line(text("name"), "name") ?? ""
        let language = candidate.line(text("language") ?? extras["language"], "language", longest: 40)
        candidate.entry.language = language
        candidate.addTitle(text("title") ?? text("name"), language: language)
        candidate.addDescription(text("notes"), language: language)
        candidate.entry.publisher = publisher(package, extras, &candidate)
        candidate.entry.contact = contact(text("maintainer") ?? extras["contact_name"], &candidate)
        candidate.entry.keywords = names(package["tags"], ["display_name", "name"], "tags", &candidate)
        candidate.entry.themes = names(package["groups"], ["title", "display_name", "name"], "groups", &candidate)
        candidate.entry.updateFrequency = candidate.line(
            text("frequency") ?? text("update_frequency") ?? extras["frequency"], "frequency", longest: 200)
        candidate.entry.issued = candidate.date(extras["issued"] ?? text("metadata_created"), "metadata_created")
        candidate.entry.modified = candidate.date(extras["modified"] ?? text("metadata_modified"), "metadata_modified")
        candidate.entry.licence = candidate.line(text("license_title") ?? text("license_id"), "license_title")
        candidate.entry.landingPage = candidate.line(text("url"), "url")
        candidate.entry.accessLevel = candidate.line(extras["access_rights"], "access_rights")
        candidate.entry.spatial = candidate.line(text("spatial_text") ?? extras["spatial_text"], "spatial")
        candidate.entry.distributions = resources(package["resources"], &candidate)
        candidate.addSharing(
            sharingClass: extras["sharing_class"], basis: extras["sharing_basis"], grade: extras["grade"])
        candidate.addConditions(extras["conditions"], basis: extras["conditions_basis"])
        candidate.finish()
        return candidate
    }

    private static func publisher(
        _ package: JSONTree, _ extras: [String: String], _ candidate: inout Candidate
    ) -> CatalogueParty? {
        let organization = package["organization"]
        let stated = extras["publisher_name"] ?? organization?["title"]?.text ?? organization?["name"]?.text
        guard let name = candidate.line(stated, "organization.title", longest: 500) else { return nil }
        let identifier = extras["publisher_name"] == nil ? organization?["id"]?.text : extras["publisher_uri"]
        return CatalogueParty(name: name, identifier: candidate.line(identifier, "organization.id", longest: 500))
    }

    private static func contact(_ text: String?, _ candidate: inout Candidate) -> CatalogueParty? {
        guard let name = candidate.line(text, "maintainer", longest: 500), !ContactText.isPersonal(name) else {
            return nil
        }
        return CatalogueParty(name: name)
    }

    private static func names(
        _ list: JSONTree?, _ members: [String], _ field: String, _ candidate: inout Candidate
    ) -> [String] {
        candidate.lines(
            (list?.list ?? []).compactMap { element in
                element.text ?? members.lazy.compactMap { element[$0]?.text }.first { !$0.isEmpty }
            }, field)
    }

    private static func resources(_ value: JSONTree?, _ candidate: inout Candidate) -> [CatalogueDistribution] {
        (value?.list ?? []).filter(\.isObject).map { resource in
            CatalogueDistribution(
                title: candidate.line(resource["name"]?.text, "resources.name"),
                format: candidate.line(resource["format"]?.text, "resources.format"),
                mediaType: candidate.line(resource["mimetype"]?.text, "resources.mimetype"),
                accessURL: candidate.line(resource["url"]?.text, "resources.url"))
        }
    }
}
