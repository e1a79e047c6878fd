import Foundation

/// DCAT and DCAT-AP catalogues in Turtle, RDF/XML or N-Triples.
struct RDFReader {
    private let triples: Triples
    private static let dct = "http://purl.org/dc/terms/"
    private static let dcat = "http://www.w3.org/ns/dcat#"
    private static let vcard = "http://www.w3.org/2006/vcard/ns#"
    private static let names = [
        "http://xmlns.com/foaf/0.1/name", "http://www.w3.org/2004/02/skos/core#prefLabel", dct + "title",
        "http://www.w3.org/2000/01/rdf-schema#label", vcard + "fn", vcard + "organization-name",
    ]
    /// Chinese and English first; what a machine translated (`de-t-en`) last.
    private static let languages = ["zh", "en", "de", "fr", "nl", "es"]

    static func read(_ content: [UInt8], format: CatalogueFormat) throws -> [Candidate] {
        let syntax =
            switch format {
            case .turtle: "turtle"
            case .nTriples: "ntriples"
            default: "rdfxml"
            }
        let reader = RDFReader(triples: try Triples(content, syntax: syntax))
        guard !reader.triples.datasets.isEmpty else {
            throw CatalogueUnreadable(.wrongFormat, "The file is RDF but holds no dcat:Dataset.")
        }
        let entries = reader.triples.datasets.filter { !MarketTerms(triples: reader.triples, subject: $0).isProduct }
        return entries.enumerated().map { reader.candidate($0.element, position: $0.offset + 1) }
    }

    private func candidate(_ subject: Triples.Node, position: Int) -> Candidate {
        var candidate = Candidate(position: position)
        let stated = triples.first(Self.dct + "identifier", of: subject)?.text
        if case .resource(let uri) = subject {
            candidate.entry.identifier = uri
        } else {
            candidate.entry.identifier = candidate.line(stated, "dct:identifier") ?? ""
        }
        for title in ordered(triples.all(Self.dct + "title", of: subject)) {
            candidate.addTitle(title.text, language: title.language)
        }
        for description in ordered(triples.all(Self.dct + "description", of: subject)) {
            candidate.addDescription(description.text, language: description.language)
        }
        candidate.entry.publisher = triples.first(Self.dct + "publisher", of: subject).flatMap { party($0, &candidate) }
        candidate.entry.contact = contact(of: subject, &candidate)
        candidate.entry.keywords = texts(Self.dcat + "keyword", of: subject, "dcat:keyword", &candidate)
        candidate.entry.themes = texts(Self.dcat + "theme", of: subject, "dcat:theme", &candidate)
        candidate.entry.updateFrequency = text(Self.dct + "accrualPeriodicity", of: subject, &candidate)
        candidate.entry.issued = candidate.date(triples.first(Self.dct + "issued", of: subject)?.text, "dct:issued")
        candidate.entry.modified = candidate.date(
            triples.first(Self.dct + "modified", of: subject)?.text, "dct:modified")
        candidate.entry.language = text(Self.dct + "language", of: subject, &candidate)
        candidate.entry.landingPage = text(Self.dcat + "landingPage", of: subject, &candidate)
        candidate.entry.accessLevel = text(Self.dct + "accessRights", of: subject, &candidate)
        candidate.entry.spatial = text(Self.dct + "spatial", of: subject, &candidate)
        candidate.entry.licence = text(Self.dct + "license", of: subject, &candidate)
        let distributions = triples.all(Self.dcat + "distribution", of: subject)
        candidate.entry.distributions = distributions.map { node in
            if candidate.entry.licence == nil {
                candidate.entry.licence = text(Self.dct + "license", of: node, &candidate)
            }
            return CatalogueDistribution(
                title: text(Self.dct + "title", of: node, &candidate),
                format: text(Self.dct + "format", of: node, &candidate),
                mediaType: text(Self.dcat + "mediaType", of: node, &candidate),
                accessURL: text(Self.dcat + "accessURL", of: node, &candidate),
                downloadURL: text(Self.dcat + "downloadURL", of: node, &candidate))
        }.sorted { ($0.accessURL ?? "", $0.title ?? "") < ($1.accessURL ?? "", $1.title ?? "") }
        MarketTerms(triples: triples, subject: subject).restore(&candidate)
        candidate.finish()
        return candidate
    }

    /// A resource by its name, or by its address where the file names it nowhere.
    private func party(_ node: Triples.Node, _ candidate: inout Candidate) -> CatalogueParty? {
        if case .literal(let name, _) = node {
            return candidate.line(name, "dct:publisher", longest: 500).map { CatalogueParty(name: $0) }
        }
        let found = Self.names.lazy.flatMap { ordered(triples.all($0, of: node)) }.first?.text
        let identifier: String? = if case .resource(let uri) = node { uri } else { nil }
        guard let name = candidate.line(found, "dct:publisher", longest: 500) ?? identifier else { return nil }
        return CatalogueParty(name: name, identifier: identifier)
    }

    /// Only organisations: a vCard's name counts when it is the organisation's or of an organisation.
    private func contact(of subject: Triples.Node, _ candidate: inout Candidate) -> CatalogueParty? {
        for node in triples.all(Self.dcat + "contactPoint", of: subject) {
            if let address = triples.first(Self.vcard + "hasEmail", of: node)?.text, !address.isEmpty,
                !address.contains("@"),
                triples.properties[.resource(address)] == nil, !address.hasPrefix("_:")
            {
                candidate.note(.malformedAddress, "dcat:contactPoint", "The contact's e-mail address has no @.")
            }
            let types = triples.all("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", of: node).map(\.text)
            let organisation =
                ordered(triples.all(Self.vcard + "organization-name", of: node)).first?.text
                ?? (types.contains(Self.vcard + "Organization")
                    ? ordered(triples.all(Self.vcard + "fn", of: node)).first?.text : nil)
            if let name = candidate.line(organisation, "dcat:contactPoint", longest: 500), !ContactText.isPersonal(name)
            {
                return CatalogueParty(name: name)
            }
        }
        return nil
    }

    private func text(_ property: String, of subject: Triples.Node, _ candidate: inout Candidate) -> String? {
        guard let node = ordered(triples.all(property, of: subject)).first?.node else { return nil }
        if case .blank = node {
            let label = Self.names.lazy.flatMap { ordered(triples.all($0, of: node)) }.first?.text
            return candidate.line(label, property)
        }
        return candidate.line(node.text, property)
    }

    private func texts(
        _ property: String, of subject: Triples.Node, _ field: String, _ candidate: inout Candidate
    ) -> [String] {
        var seen: Set<String> = []
        return triples.all(property, of: subject).compactMap { candidate.line($0.text, field, longest: 500) }
            .filter { seen.insert($0).inserted }.sorted()
    }

    private func ordered(_ nodes: [Triples.Node]) -> [(text: String, language: String?, node: Triples.Node)] {
        nodes.map { node in
            if case .literal(let text, let language) = node { return (text, language, node) }
            return (node.text, nil, node)
        }.sorted { rank($0) < rank($1) }
    }

    private func rank(_ value: (text: String, language: String?, node: Triples.Node)) -> (Int, String) {
        guard let language = value.language else { return (Self.languages.count, value.text) }
        let place = Self.languages.firstIndex { language.hasPrefix($0) } ?? Self.languages.count + 1
        return (language.contains("-t-") ? place + 100 : place, value.text)
    }
}
