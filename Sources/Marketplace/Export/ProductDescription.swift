/// A product as a dcat:Dataset or, when it is an interface, a dcat:DataService: its revisions, what they were made of,
/// and its offers as policies.
struct ProductDescription {
    let product: ExportedProduct
    let addresses: Addresses

    private var address: String { addresses.product(product.code) }
    private var subject: Term { .resource(address) }
    private var isService: Bool { product.kind == "api" }

    func add(to graph: inout Graph) {
        graph.add(addresses.catalogue, DCAT.namespace + (isService ? "service" : "dataset"), subject)
        graph.add(subject, RDF.type, .resource(DCAT.namespace + (isService ? "DataService" : "Dataset")))
        graph.add(subject, RDF.type, .resource(DMT.product))
        graph.add(subject, DCT.namespace + "identifier", .literal(product.code))
        let texts = [
            ("title", product.titleZh, "zh"), ("title", product.titleEn, "en"),
            ("description", product.descriptionZh, "zh"), ("description", product.descriptionEn, "en"),
        ]
        for (name, text, language) in texts {
            graph.add(subject, DCT.namespace + name, .literal(text, language: language))
        }
        graph.add(subject, DMT.namespace + "kind", .literal(product.kind))
        graph.add(subject, DMT.namespace + "useClass", .literal(product.useClass))
        graph.relate(
            subject, DCAT.namespace + "landingPage", addresses.page(ofProduct: product.code),
            type: FOAF.namespace + "Document")
        if let newest = product.revisions.last { add(newest: newest, to: &graph) }
        for revision in product.revisions { add(revision, to: &graph) }
        let seller = product.responsible.first { $0.role == "seller" } ?? product.responsible.first
        if let seller {
            graph.add(subject, DCT.namespace + "publisher", graph.describe(seller.party, at: addresses))
            graph.contact(subject, name: seller.party.name, page: addresses.party(seller.party.code))
        }
        graph.attribute(subject, to: product.responsible, at: addresses)
        for offer in product.offers {
            OfferDescription(offer: offer, product: product, addresses: addresses).add(to: &graph)
        }
    }

    private func add(newest revision: ExportedProduct.Revision, to graph: inout Graph) {
        _ = graph.record(
            address, code: product.code, since: product.listedAt, modified: revision.publishedAt,
            in: addresses.catalogue)
        graph.add(subject, DCAT.namespace + "version", .literal("\(revision.number)"))
        derive(subject, from: revision, in: &graph)
        if isService {
            graph.relate(subject, DCAT.namespace + "endpointURL", address, type: RDFS.resource)
            graph.add(subject, DCAT.namespace + "endpointDescription", addresses.contract)
            graph.add(addresses.contract, RDF.type, .resource(RDFS.resource))
        } else {
            graph.add(subject, DCT.namespace + "issued", .moment(product.listedAt))
            graph.add(subject, DCT.namespace + "modified", .moment(revision.publishedAt))
        }
        for (place, column) in revision.columns.enumerated() {
            let item = graph.newBlank()
            graph.add(subject, DMT.namespace + "item", item)
            graph.add(item, DMT.position, .typed("\(place + 1)", datatype: XSD.integer))
            graph.add(item, DMT.namespace + "name", .literal(column.name))
            graph.add(item, DMT.namespace + "type", .literal(column.type))
            graph.add(item, DMT.namespace + "description", .literal(column.zh, language: "zh"))
            graph.add(item, DMT.namespace + "description", .literal(column.en, language: "en"))
        }
    }

    /// A revision is one distribution: bought on the product's page, checked by its hash.
    private func add(_ revision: ExportedProduct.Revision, to graph: inout Graph) {
        let node = Term.resource("\(address)#revision-\(revision.number)")
        derive(node, from: revision, in: &graph)
        graph.add(node, DCAT.namespace + "version", .literal("\(revision.number)"))
        graph.add(node, DCT.namespace + "issued", .moment(revision.publishedAt))
        guard !isService else {
            graph.add(subject, DCAT.namespace + "hasVersion", node)
            return
        }
        graph.add(subject, DCAT.namespace + "distribution", node)
        graph.add(node, RDF.type, .resource(DCAT.namespace + "Distribution"))
        graph.add(node, DCT.namespace + "title", .literal(revision.fileName))
        graph.relate(
            node, DCAT.namespace + "accessURL", addresses.page(ofProduct: product.code), type: RDFS.resource)
        let type = revision.mediaType.prefix { $0 != ";" }
        graph.relate(
            node, DCAT.namespace + "mediaType", "https://www.iana.org/assignments/media-types/\(type)",
            type: DCT.namespace + "MediaType")
        graph.add(
            node, DCAT.namespace + "byteSize", .typed("\(revision.bytes)", datatype: XSD.nonNegativeInteger))
        graph.relate(node, DCT.namespace + "license", revision.source.licence, type: DCT.namespace + "LicenseDocument")
        let checksum = graph.addBlank(node, SPDX.namespace + "checksum", SPDX.namespace + "Checksum")
        let algorithm = Term.resource(SPDX.namespace + "checksumAlgorithm_sha256")
        graph.add(checksum, SPDX.namespace + "algorithm", algorithm)
        graph.add(algorithm, RDF.type, .resource(SPDX.namespace + "ChecksumAlgorithm"))
        graph.add(checksum, SPDX.namespace + "checksumValue", .typed(revision.sha256, datatype: XSD.hexBinary))
    }

    /// The exact entry versions that something was made of, and where its content was taken from.
    private func derive(_ thing: Term, from revision: ExportedProduct.Revision, in graph: inout Graph) {
        for entry in revision.entries {
            let version = addresses.version(entry.version, of: entry.code)
            graph.add(thing, PROV.namespace + "wasDerivedFrom", version)
            graph.add(version, RDF.type, .resource(PROV.namespace + "Entity"))
            graph.add(version, PROV.namespace + "specializationOf", .resource(addresses.entry(entry.code)))
            graph.add(version, DCAT.namespace + "version", .literal("\(entry.version)"))
            graph.add(version, RDFS.label, .literal(entry.title))
            graph.add(version, PROV.namespace + "generatedAtTime", .moment(entry.recordedAt))
        }
        guard case .resource(let address) = thing, address == self.address else { return }
        let origin = graph.addBlank(thing, DCT.namespace + "provenance", DCT.namespace + "ProvenanceStatement")
        graph.add(origin, RDFS.label, .literal(revision.source.title))
        graph.add(origin, RDFS.namespace + "seeAlso", Term.address(revision.source.url))
    }
}
