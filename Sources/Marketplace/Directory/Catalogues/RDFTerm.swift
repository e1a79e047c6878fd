/// The properties of RDF that an import reads, by their usual short names.
enum RDFTerm: String, CaseIterable {
    case type = "rdf:type", label = "rdfs:label", prefLabel = "skos:prefLabel", name = "foaf:name"
    case title = "dct:title", description = "dct:description", identifier = "dct:identifier"
    case publisher = "dct:publisher", issued = "dct:issued", modified = "dct:modified", language = "dct:language"
    case accrualPeriodicity = "dct:accrualPeriodicity", accessRights = "dct:accessRights", spatial = "dct:spatial"
    case licence = "dct:license", format = "dct:format"
    case keyword = "dcat:keyword", theme = "dcat:theme", landingPage = "dcat:landingPage"
    case contactPoint = "dcat:contactPoint", distribution = "dcat:distribution", mediaType = "dcat:mediaType"
    case accessURL = "dcat:accessURL", downloadURL = "dcat:downloadURL"
    case vcardName = "vcard:fn", organizationName = "vcard:organization-name", hasEmail = "vcard:hasEmail"
    case subOrganizationOf = "org:subOrganizationOf"
    case sharingClass = "dmt:sharingClass", sharingBasis = "dmt:sharingBasis", grade = "dmt:grade"
    case personalInformation = "dmt:personalInformation", receivedFrom = "dmt:receivedFrom"
    case classification = "dmt:classification", dataFormat = "dmt:format", sharingMode = "dmt:sharingMode"
    case openAttribute = "dmt:openAttribute", related = "dmt:related"
    case languageTag = "dmt:languageTag", item = "dmt:item", itemName = "dmt:name", itemType = "dmt:type"
    case itemDescription = "dmt:description", condition = "dmt:condition", kind = "dmt:kind", value = "dmt:value"
    case values = "dmt:values"
    case basis = "dmt:basis", position = "dmt:position", absent = "dmt:absent"
    case titles = "dmt:titles", descriptions = "dmt:descriptions", keywords = "dmt:keywords", themes = "dmt:themes"

    private static let namespaces = [
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#", "foaf": "http://xmlns.com/foaf/0.1/",
        "dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#",
        "vcard": "http://www.w3.org/2006/vcard/ns#", "org": "http://www.w3.org/ns/org#", "dmt": "urn:datamarket:terms#",
    ]

    static let byAddress = Dictionary(
        uniqueKeysWithValues: allCases.map { term in
            let parts = term.rawValue.split(separator: ":", maxSplits: 1)
            return ((namespaces[String(parts[0])] ?? "") + parts[1], term)
        })

    /// Properties whose value is a node of its own that belongs to the entry.
    static let links: Set<RDFTerm> = [
        .publisher, .contactPoint, .distribution, .hasEmail, .subOrganizationOf, .item, .condition,
    ]

    /// Where a node's name is looked for, the best first.
    static let names: [RDFTerm] = [.name, .prefLabel, .title, .label, .vcardName, .organizationName]
}
