/// The catalogue itself: its titles and who publishes it.
struct CatalogueDescription {
    let administration: ExportedAdministration?
    let source: String?
    let addresses: Addresses

    func add(to graph: inout Graph) {
        let catalogue = addresses.catalogue
        let ending = source.map { ": \($0)" } ?? ""
        graph.add(catalogue, RDF.type, .resource(DCAT.namespace + "Catalog"))
        let texts = [
            ("title", "公共数据目录与数据产品\(ending)", "zh"),
            ("title", "Directory of public data and data products\(ending)", "en"),
            ("description", "统一的政务数据目录，以及由其条目加工、每一环节都有责任主体的数据产品。", "zh"),
            (
                "description",
                "One directory of public data, and the products made of it, with a responsible party for every link.",
                "en"
            ),
        ]
        for (name, text, language) in texts {
            graph.add(catalogue, DCT.namespace + name, .literal(text, language: language))
        }
        graph.relate(catalogue, FOAF.namespace + "homepage", addresses.base + "/", type: FOAF.namespace + "Document")
        if let administration {
            graph.add(
                catalogue, DCT.namespace + "publisher", graph.describe(administration.party, at: addresses))
            graph.add(catalogue, DCT.namespace + "modified", .moment(administration.modified))
        } else {
            // A market without an administration yet: the catalogue is published by the market itself.
            let market = graph.addBlank(catalogue, DCT.namespace + "publisher", FOAF.namespace + "Agent")
            graph.add(market, FOAF.namespace + "name", .literal("Data market at \(addresses.base)"))
        }
    }
}
