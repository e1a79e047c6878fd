/// What descriptions of entries, products and the catalogue have in common.
extension Graph {
    mutating func describe(_ party: ExportedParty, at addresses: Addresses) -> Term {
        let node = addresses.party(party.code)
        add(node, RDF.type, .resource(FOAF.namespace + "Agent"))
        add(node, RDF.type, .resource(PROV.namespace + "Agent"))
        add(node, DCT.namespace + "identifier", .literal(party.code))
        let names = [(party.nameZh, "zh"), (party.nameEn, "en")].compactMap { name, tag in name.map { ($0, tag) } }
        for (name, tag) in names { add(node, FOAF.namespace + "name", .literal(name, language: tag)) }
        if names.isEmpty { add(node, FOAF.namespace + "name", .literal(party.name)) }
        return node
    }

    /// Who answers for a thing, in which role, since when, until when and on what basis.
    mutating func attribute(_ subject: Term, to responsible: [ExportedResponsibility], at addresses: Addresses) {
        for responsibility in responsible {
            let attribution = addBlank(
                subject, PROV.namespace + "qualifiedAttribution", PROV.namespace + "Attribution")
            add(attribution, PROV.namespace + "agent", describe(responsibility.party, at: addresses))
            let role = Term.resource("\(DMT.namespace)role-\(responsibility.role)")
            add(attribution, DCAT.namespace + "hadRole", role)
            add(role, RDF.type, .resource(DCAT.namespace + "Role"))
            let period = addBlank(attribution, DCT.namespace + "temporal", DCT.namespace + "PeriodOfTime")
            add(period, DCAT.namespace + "startDate", .moment(responsibility.since))
            add(period, DCAT.namespace + "endDate", responsibility.until.map(Term.moment))
            add(attribution, DMT.basis, .literal(responsibility.basis))
        }
    }

    /// A resource of a class, or, where the source holds a mere text, a node of the class that carries it as its label.
    @discardableResult
    mutating func relate(_ subject: Term, _ predicate: String, _ text: String?, type: String) -> Term? {
        guard let text else { return nil }
        guard let resource = Term.address(text) else {
            let node = addBlank(subject, predicate, type)
            add(node, RDFS.label, .literal(text))
            return node
        }
        add(subject, predicate, resource)
        add(resource, RDF.type, .resource(type))
        return resource
    }

    /// The catalogue's record of a thing.
    mutating func record(_ thing: String, code: String, since issued: String, modified: String, in catalogue: Term)
        -> Term
    {
        let record = Term.resource(thing + "#record")
        add(catalogue, DCAT.namespace + "record", record)
        add(record, RDF.type, .resource(DCAT.namespace + "CatalogRecord"))
        add(record, FOAF.namespace + "primaryTopic", .resource(thing))
        add(record, DCT.namespace + "identifier", .literal(code))
        add(record, DCT.namespace + "issued", .moment(issued))
        add(record, DCT.namespace + "modified", .moment(modified))
        return record
    }

    mutating func contact(_ subject: Term, name: String, identifier: String? = nil, page: Term? = nil) {
        let contact = addBlank(subject, DCAT.namespace + "contactPoint", VCard.namespace + "Organization")
        add(contact, RDF.type, .resource(VCard.namespace + "Kind"))
        add(contact, VCard.namespace + "fn", .literal(name))
        add(contact, DCT.namespace + "identifier", identifier.map { .literal($0) })
        add(contact, VCard.namespace + "hasURL", page)
    }
}
