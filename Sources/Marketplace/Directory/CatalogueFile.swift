import Foundation

/// The entries and problems of one file, ready to be compared with the directory.
struct CatalogueFile: Sendable {
    let entries: [CatalogueEntry]
    private(set) var problems: [CatalogueProblem]

    init(_ elements: [CatalogueElement]) {
        entries = elements.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
        problems = elements.compactMap { if case .problem(let problem) = $0 { problem } else { nil } }
    }

    func noting(_ noted: [CatalogueProblem]) -> CatalogueFile {
        var file = self
        file.problems += noted
        return file
    }

    var refused: Int { problems.count { $0.severity == .refused } }

    /// Rows for COPY. Refused entries with an identifier go along without a document, so that they do not look as if they
    /// had vanished from the source.
    func copyRows(import id: UUID) -> ImportRows {
        var seen = Set(entries.map(\.identifier))
        let refused = problems.filter { $0.severity == .refused }.compactMap(\.identifier).filter {
            seen.insert($0).inserted
        }
        return ImportRows(id: id, entries: entries, refused: refused)
    }

    func problemsJSON() throws -> String {
        String(decoding: try JSONEncoder().encode(problems), as: UTF8.self)
    }

    func report(id: UUID?, of request: ImportRequest, format: CatalogueFormat, plan: ImportPlan) -> ImportReport {
        let counts = { (severity: CatalogueProblem.Severity) in
            problems.filter { $0.severity == severity }.reduce(into: [String: Int]()) {
                $0[$1.reason.rawValue, default: 0] += 1
            }
        }
        let shown = problems.filter { $0.severity == .refused } + problems.filter { $0.severity == .noted }
        return ImportReport(
            id: id, source: request.source, file: request.fileName, format: format.rawValue, dryRun: request.dryRun,
            added: plan.added, changed: plan.changed, unchanged: plan.unchanged, withdrawn: plan.withdrawn,
            refused: refused, refusedByReason: counts(.refused), notedByReason: counts(.noted),
            problems: Array(shown.prefix(1_000)))
    }
}

/// What a version of an entry says: all of the catalogue's entry but its place in the file and its identifier.
struct EntryDocument: Encodable {
    let titles: [TaggedText]
    let descriptions: [TaggedText]
    let publisher: CatalogueParty?
    let contact: CatalogueParty?
    let keywords: [String]
    let themes: [String]
    let updateFrequency: String?
    let issued: String?
    let modified: String?
    let language: String?
    let licence: String?
    let landingPage: String?
    let accessLevel: String?
    let spatial: String?
    let columns: [String]
    let distributions: [CatalogueDistribution]

    init(_ entry: CatalogueEntry) {
        (titles, descriptions) = (entry.titles, entry.descriptions)
        (publisher, contact) = (entry.publisher, entry.contact)
        (keywords, themes, updateFrequency) = (entry.keywords, entry.themes, entry.updateFrequency)
        (issued, modified, language, licence) = (entry.issued, entry.modified, entry.language, entry.licence)
        (landingPage, accessLevel, spatial) = (entry.landingPage, entry.accessLevel, entry.spatial)
        (columns, distributions) = (entry.columns, entry.distributions)
    }
}
