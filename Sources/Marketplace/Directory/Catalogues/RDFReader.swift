import Foundation

/// Makes entries of the statements of a DCAT or DCAT-AP catalogue, the market's own export among them.
struct RDFReader {
    let triples: Triples
    /// Chinese and English first; what a machine translated (`de-t-en`) last.
    private static let languages = ["zh", "en", "de", "fr", "nl", "es"]

    func candidate(_ subject: Triples.Node, position: Int) -> Candidate {
        var candidate = Candidate(position: position)
        if case .resource(let uri) = subject {
            candidate.entry.identifier = candidate.clean(uri, "@id")
        } else {
            candidate.entry.identifier =
                candidate.line(triples.first(.identifier, of: subject)?.text, "dct:identifier") ?? ""
        }
        for title in ordered(triples.all(.title, of: subject)) {
            candidate.addTitle(title.text, language: title.language)
        }
        for description in ordered(triples.all(.description, of: subject)) {
            candidate.addDescription(description.text, language: description.language)
        }
        candidate.entry.publisher = triples.first(.publisher, of: subject).flatMap { party($0, &candidate) }
        candidate.entry.contact = contact(of: subject, &candidate)
        candidate.entry.keywords = texts(.keyword, of: subject, &candidate)
        candidate.entry.themes = texts(.theme, of: subject, &candidate)
        candidate.entry.updateFrequency = text(.accrualPeriodicity, of: subject, &candidate)
        candidate.entry.issued = candidate.date(triples.first(.issued, of: subject)?.text, "dct:issued")
        candidate.entry.modified = candidate.date(triples.first(.modified, of: subject)?.text, "dct:modified")
        candidate.entry.language =
            text(.languageTag, of: subject, &candidate) ?? text(.language, of: subject, &candidate)
        candidate.entry.landingPage = text(.landingPage, of: subject, &candidate)
        candidate.entry.accessLevel = text(.accessRights, of: subject, &candidate)
        candidate.entry.spatial = text(.spatial, of: subject, &candidate)
        candidate.entry.licence = text(.licence, of: subject, &candidate)
        candidate.entry.distributions = distributions(of: subject, &candidate)
        addOwnTerms(of: subject, &candidate)
        MarketTerms(triples: triples, subject: subject).restore(&candidate.entry)
        candidate.finish()
        return candidate
    }

    private func distributions(
        of subject: Triples.Node, _ candidate: inout Candidate
    ) -> [CatalogueDistribution] {
        let found = triples.all(.distribution, of: subject).map { node in
            if candidate.entry.licence == nil { candidate.entry.licence = text(.licence, of: node, &candidate) }
            return (
                place: place(of: node),
                CatalogueDistribution(
                    title: text(.title, of: node, &candidate), format: text(.format, of: node, &candidate),
                    mediaType: text(.mediaType, of: node, &candidate),
                    accessURL: triples.all(.absent, of: node).contains { $0.text == "accessURL" }
                        ? nil : text(.accessURL, of: node, &candidate),
                    downloadURL: text(.downloadURL, of: node, &candidate))
            )
        }
        return found.sorted {
            ($0.place, $0.1.accessURL ?? "", $0.1.title ?? "") < ($1.place, $1.1.accessURL ?? "", $1.1.title ?? "")
        }.map(\.1)
    }

    /// What DCAT has no words for, as the market's export writes it.
    private func addOwnTerms(of subject: Triples.Node, _ candidate: inout Candidate) {
        candidate.addSharing(
            sharingClass: triples.first(.sharingClass, of: subject)?.text,
            basis: triples.first(.sharingBasis, of: subject)?.text, grade: triples.first(.grade, of: subject)?.text)
        candidate.entry.personalInformation = triples.first(.personalInformation, of: subject).map {
            $0.text == "true" || $0.text == "1"
        }
        candidate.entry.receivedFrom = candidate.line(
            triples.first(.receivedFrom, of: subject)?.text, "dmt:receivedFrom", longest: 200)
        candidate.entry.classification = text(.classification, of: subject, &candidate)
        candidate.entry.format = text(.dataFormat, of: subject, &candidate)
        candidate.entry.sharingMode = text(.sharingMode, of: subject, &candidate)
        candidate.entry.openAttribute = text(.openAttribute, of: subject, &candidate)
        candidate.entry.items = inOrder(.item, of: subject).compactMap { node in
            candidate.item(
                name: triples.first(.itemName, of: node)?.text, type: triples.first(.itemType, of: node)?.text,
                description: triples.first(.itemDescription, of: node)?.text)
        }
        for node in inOrder(.condition, of: subject) {
            // Statements come in any order.
            let values = triples.all(.value, of: node).map(\.text).sorted()
            candidate.addCondition(
                kind: triples.first(.kind, of: node)?.text,
                values: MarketTerms(triples: triples, subject: node).list(.values) ?? values,
                basis: triples.first(.basis, of: node)?.text)
        }
    }

    private func inOrder(_ term: RDFTerm, of subject: Triples.Node) -> [Triples.Node] {
        triples.all(term, of: subject).enumerated()
            .sorted { (place(of: $0.element), $0.offset) < (place(of: $1.element), $1.offset) }.map(\.element)
    }

    private func place(of node: Triples.Node) -> Int {
        triples.first(.position, of: node).flatMap { Int($0.text) } ?? .max
    }

    /// A resource by its name, or by its address where the file names it nowhere.
    private func party(_ node: Triples.Node, _ candidate: inout Candidate) -> CatalogueParty? {
        if case .literal(let name, _) = node {
            return candidate.line(name, "dct:publisher", longest: 500).map { CatalogueParty(name: $0) }
        }
        let resource: String? = if case .resource(let uri) = node { uri } else { nil }
        let identifier =
            candidate.line(triples.first(.identifier, of: node)?.text, "dct:publisher", longest: 500) ?? resource
        guard let name = candidate.line(self.name(of: node), "dct:publisher", longest: 500) ?? resource else {
            return nil
        }
        let parent = triples.first(.subOrganizationOf, of: node).flatMap { self.name(of: $0) }
        return CatalogueParty(
            name: name, identifier: identifier, parentName: candidate.line(parent, "dct:publisher", longest: 500))
    }

    private func name(of node: Triples.Node) -> String? {
        for term in RDFTerm.names {
            if let best = ordered(triples.all(term, of: node)).first { return best.text }
        }
        return nil
    }

    /// Only organisations: a vCard's name counts when it is the organisation's or of an organisation.
    private func contact(of subject: Triples.Node, _ candidate: inout Candidate) -> CatalogueParty? {
        for node in triples.all(.contactPoint, of: subject) {
            if let address = triples.first(.hasEmail, of: node)?.text, !address.isEmpty,
                !address.contains("@"),
                !triples.states(.resource(address)), !address.hasPrefix("_:")
            {
                candidate.note(.malformedAddress, "dcat:contactPoint", "The contact's e-mail address has no @.")
            }
            let types = triples.all(.type, of: node).map(\.text)
            let organisation =
                ordered(triples.all(.organizationName, of: node)).first?.text
                ?? (types.contains("http://www.w3.org/2006/vcard/ns#Organization")
                    ? ordered(triples.all(.vcardName, of: node)).first?.text : nil)
            if let name = candidate.line(organisation, "dcat:contactPoint", longest: 500), !ContactText.isPersonal(name)
            {
                let identifier = triples.first(.identifier, of: node)?.text
                return CatalogueParty(
                    name: name, identifier: candidate.line(identifier, "dcat:contactPoint", longest: 500))
            }
        }
        return nil
    }

    private func text(_ property: RDFTerm, of subject: Triples.Node, _ candidate: inout Candidate) -> String? {
        guard let node = ordered(triples.all(property, of: subject)).first?.node else { return nil }
        if case .blank = node {
            return candidate.line(name(of: node), property.rawValue)
        }
        return candidate.line(node.text, property.rawValue)
    }

    private func texts(
        _ property: RDFTerm, of subject: Triples.Node, _ candidate: inout Candidate
    ) -> [String] {
        var seen: Set<String> = []
        return triples.all(property, of: subject).compactMap {
            candidate.line($0.text, property.rawValue, longest: 500)
        }
        .filter { seen.insert($0).inserted }.sorted()
    }

    private typealias Ranked = (text: String, language: String?, node: Triples.Node)

    /// By language, the best first.
    private func ordered(_ nodes: [Triples.Node]) -> [Ranked] {
        let values = nodes.map { node -> Ranked in
            if case .literal(let text, let language) = node { return (text, language, node) }
            return (node.text, nil, node)
        }
        guard values.count > 1 else { return values }
        return values.map { (rank: rank($0.language), value: $0) }
            .sorted { ($0.rank, $0.value.text) < ($1.rank, $1.value.text) }.map(\.value)
    }

    private func rank(_ language: String?) -> Int {
        guard let language else { return Self.languages.count }
        let place = Self.languages.firstIndex { language.hasPrefix($0) } ?? Self.languages.count + 1
        return language.contains("-t-") ? place + 100 : place
    }
}
