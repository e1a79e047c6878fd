import Foundation

/// Reads what an export of this market says in its own terms, so that the entry is again what it was.
struct MarketTerms {
    private static let terms = "urn:datamarket:terms#"
    private static let dct = "http://purl.org/dc/terms/"
    private static let dcat = "http://www.w3.org/ns/dcat#"
    private static let type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    let triples: Triples
    let subject: Triples.Node

    /// Whether the dataset is a product of a market and no entry of a directory.
    var isProduct: Bool { triples.all(Self.type, of: subject).contains(.resource(Self.terms + "Product")) }

    func restore(_ candidate: inout Candidate) {
        restoreLists(of: &candidate)
        for field in triples.all(Self.terms + "absent", of: subject).map(\.text) {
            switch field {
            case "descriptions": candidate.entry.descriptions = []
            case "publisher": candidate.entry.publisher = nil
            case "contact": candidate.entry.contact = nil
            default: break
            }
        }
        candidate.entry.publisher = candidate.entry.publisher.map(restored)
        restoreDistributions(of: &candidate)
    }

    private func restored(_ publisher: CatalogueParty) -> CatalogueParty {
        guard let node = triples.first(Self.dct + "publisher", of: subject) else { return publisher }
        let parent = triples.first("http://www.w3.org/ns/org#subOrganizationOf", of: node)
        return CatalogueParty(
            name: publisher.name,
            identifier: triples.first(Self.dct + "identifier", of: node)?.text ?? publisher.identifier,
            parentName: parent.flatMap { triples.first("http://xmlns.com/foaf/0.1/name", of: $0)?.text })
    }

    private func restoreLists(of candidate: inout Candidate) {
        candidate.entry.keywords = list("keywords") ?? candidate.entry.keywords
        candidate.entry.themes = list("themes") ?? candidate.entry.themes
        candidate.entry.titles = list("titles") ?? candidate.entry.titles
        candidate.entry.descriptions = list("descriptions") ?? candidate.entry.descriptions
    }

    private func list<Element: Decodable>(_ name: String) -> [Element]? {
        triples.first(Self.terms + name, of: subject).flatMap {
            try? JSONDecoder().decode([Element].self, from: Data($0.text.utf8))
        }
    }

    /// In the order of their positions, when all of them have one.
    private func restoreDistributions(of candidate: inout Candidate) {
        let nodes = triples.all(Self.dcat + "distribution", of: subject)
        let positions = nodes.compactMap { triples.first(Self.terms + "position", of: $0).flatMap { Int($0.text) } }
        guard !nodes.isEmpty, positions.count == nodes.count else { return }
        let text = { (property: String, node: Triples.Node) -> String? in
            guard let value = triples.first(property, of: node) else { return nil }
            guard case .blank = value else { return value.text }
            return triples.first("http://www.w3.org/2000/01/rdf-schema#label", of: value)?.text
        }
        candidate.entry.distributions = zip(positions, nodes).sorted { $0.0 < $1.0 }.map { _, node in
            let absent = triples.all(Self.terms + "absent", of: node).map(\.text)
            return CatalogueDistribution(
                title: text(Self.dct + "title", node), format: text(Self.dct + "format", node),
                mediaType: text(Self.dcat + "mediaType", node),
                accessURL: absent.contains("accessURL") ? nil : text(Self.dcat + "accessURL", node),
                downloadURL: text(Self.dcat + "downloadURL", node))
        }
    }
}
