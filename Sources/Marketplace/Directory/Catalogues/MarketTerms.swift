import Foundation

/// What an export of this market says in its own terms where DCAT-AP demands more than an entry holds, or keeps less of its
/// order, so that the entry is again what it was.
struct MarketTerms {
    let triples: Triples
    let subject: Triples.Node

    func restore(_ entry: inout CatalogueEntry) {
        entry.titles = list(.titles) ?? entry.titles
        entry.descriptions = list(.descriptions) ?? entry.descriptions
        entry.keywords = list(.keywords) ?? entry.keywords
        entry.themes = list(.themes) ?? entry.themes
        entry.related = list(.related)
        for field in triples.all(.absent, of: subject).map(\.text) {
            switch field {
            case "descriptions": entry.descriptions = []
            case "publisher": entry.publisher = nil
            case "contact": entry.contact = nil
            default: break
            }
        }
    }

    /// A list as JSON, in the order of the entry. What is no such list was not written by a market.
    func list<Element: Decodable>(_ term: RDFTerm) -> [Element]? {
        triples.first(term, of: subject).flatMap { try? JSONDecoder().decode([Element].self, from: Data($0.text.utf8)) }
    }
}
