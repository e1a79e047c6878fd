import Foundation

/// A directory entry as a dcat:Dataset with its dcat:CatalogRecord.
struct EntryDescription {
    let entry: ExportedEntry
    let addresses: Addresses

    private var document: ExportedEntry.Document { entry.document }
    private var address: String { addresses.entry(entry.code) }
    private var subject: Term { .resource(address) }

    func add(to graph: inout Graph) throws {
        graph.add(addresses.catalogue, DCAT.namespace + "dataset", subject)
        graph.add(subject, RDF.type, .resource(DCAT.namespace + "Dataset"))
        graph.add(subject, DCT.namespace + "identifier", .literal(entry.identifier))
        graph.add(subject, DCAT.namespace + "version", .literal("\(entry.version)"))
        let record = graph.record(
            address, code: entry.code, since: entry.firstRecordedAt, modified: entry.recordedAt,
            in: addresses.catalogue)
        graph.add(record, DMT.namespace + "source", .literal(entry.source))
        addTexts(to: &graph)
        addBodies(to: &graph)
        addProperties(to: &graph)
        for (place, distribution) in (document.distributions ?? []).enumerated() {
            add(distribution, at: place + 1, to: &graph)
        }
        try EntryTerms(document: document, subject: subject).add(to: &graph)
        addPolicy(to: &graph)
        graph.attribute(subject, to: entry.responsible, at: addresses)
    }

    private func addPolicy(to graph: inout Graph) {
        guard let conditions = document.conditions, !conditions.isEmpty else { return }
        let policy = addresses.policy(ofEntry: entry.code)
        graph.add(subject, ODRL.namespace + "hasPolicy", policy)
        graph.add(policy, RDF.type, .resource(ODRL.namespace + "Set"))
        _ = PolicyRules(policy: policy, target: subject, conditions: conditions).add(to: &graph)
    }

    private func addTexts(to graph: inout Graph) {
        for title in document.titles {
            graph.add(subject, DCT.namespace + "title", .literal(title.text, language: title.language))
        }
        for description in document.descriptions ?? [] {
            graph.add(
                subject, DCT.namespace + "description", .literal(description.text, language: description.language))
        }
        // DCAT-AP demands a description of every dataset.
        if document.descriptions?.isEmpty ?? true, let title = document.titles.first {
            graph.add(subject, DCT.namespace + "description", .literal(title.text, language: title.language))
            graph.add(subject, DMT.absent, .text("descriptions"))
        }
        for keyword in document.keywords ?? [] {
            graph.add(subject, DCAT.namespace + "keyword", .literal(keyword))
        }
        for theme in document.themes ?? [] {
            // A theme must have an IRI; a mere text gets one of the market's own.
            let concept = Term.address(theme) ?? .resource("\(DMT.themes)\(Addresses.escaped(theme))")
            graph.add(subject, DCAT.namespace + "theme", concept)
            graph.add(concept, RDF.type, .resource(SKOS.namespace + "Concept"))
            graph.add(concept, SKOS.namespace + "prefLabel", .literal(theme))
        }
    }

    private func addBodies(to graph: inout Graph) {
        // Who answers for the entry stands in for a body that the source does not name.
        let answering =
            entry.responsible.first { $0.role == "provider" }
            ?? entry.responsible.first { $0.role == "publisher" }
        if let publisher = document.publisher {
            let node = publisher.identifier.flatMap(Term.address) ?? graph.newBlank()
            graph.add(subject, DCT.namespace + "publisher", node)
            graph.add(node, RDF.type, .resource(FOAF.namespace + "Agent"))
            graph.add(node, FOAF.namespace + "name", .literal(publisher.name))
            graph.add(node, DCT.namespace + "identifier", publisher.identifier.map { .literal($0) })
            graph.add(node, OWL.namespace + "sameAs", entry.publisherParty.map(addresses.party))
            if let parent = publisher.parentName {
                let body = graph.addBlank(
                    node, ORG.namespace + "subOrganizationOf", FOAF.namespace + "Agent")
                graph.add(body, FOAF.namespace + "name", .literal(parent))
            }
        } else if let answering {
            graph.add(subject, DCT.namespace + "publisher", graph.describe(answering.party, at: addresses))
            graph.add(subject, DMT.absent, .text("publisher"))
        }
        if let contact = document.contact {
            graph.contact(subject, name: contact.name, identifier: contact.identifier)
        } else if let answering {
            graph.contact(subject, name: answering.party.name, page: addresses.party(answering.party.code))
            graph.add(subject, DMT.absent, .text("contact"))
        }
    }

    private func addProperties(to graph: inout Graph) {
        graph.relate(
            subject, DCT.namespace + "accrualPeriodicity", document.updateFrequency, type: DCT.namespace + "Frequency")
        graph.add(subject, DCT.namespace + "issued", document.issued.map(Term.moment))
        graph.add(subject, DCT.namespace + "modified", document.modified.map(Term.moment))
        graph.relate(
            subject, DCT.namespace + "language", document.language, type: DCT.namespace + "LinguisticSystem")
        graph.relate(subject, DCT.namespace + "license", document.licence, type: DCT.namespace + "LicenseDocument")
        graph.relate(subject, DCAT.namespace + "landingPage", document.landingPage, type: FOAF.namespace + "Document")
        graph.relate(
            subject, DCT.namespace + "accessRights", document.accessLevel, type: DCT.namespace + "RightsStatement")
        graph.relate(subject, DCT.namespace + "spatial", document.spatial, type: DCT.namespace + "Location")
    }

    private func add(_ distribution: CatalogueDistribution, at position: Int, to graph: inout Graph) {
        let node = Term.resource("\(address)#distribution-\(position)")
        graph.add(subject, DCAT.namespace + "distribution", node)
        graph.add(node, RDF.type, .resource(DCAT.namespace + "Distribution"))
        graph.add(node, DMT.position, .typed("\(position)", datatype: XSD.integer))
        graph.add(node, DCT.namespace + "title", distribution.title.map { .literal($0) })
        graph.relate(node, DCT.namespace + "format", distribution.format, type: DCT.namespace + "MediaTypeOrExtent")
        graph.relate(node, DCAT.namespace + "mediaType", distribution.mediaType, type: DCT.namespace + "MediaType")
        graph.relate(node, DCT.namespace + "license", document.licence, type: DCT.namespace + "LicenseDocument")
        graph.relate(node, DCAT.namespace + "downloadURL", distribution.downloadURL, type: RDFS.resource)
        // DCAT-AP demands an access address of every distribution.
        let access = distribution.accessURL ?? distribution.downloadURL ?? addresses.page(ofEntry: entry.code)
        graph.relate(node, DCAT.namespace + "accessURL", access, type: RDFS.resource)
        if distribution.accessURL == nil { graph.add(node, DMT.absent, .text("accessURL")) }
    }
}
