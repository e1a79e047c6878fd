import Foundation

/// An offer as an odrl:Offer: use for its purposes and its term, against payment when it has a price.
struct OfferDescription {
    let offer: ExportedProduct.Offer
    let product: ExportedProduct
    let addresses: Addresses

    func add(to graph: inout Graph) {
        let (subject, policy) = (
            Term.resource(addresses.product(product.code)), addresses.offer(offer.code, of: product.code)
        )
        graph.add(subject, ODRL.namespace + "hasPolicy", policy)
        graph.add(policy, RDF.type, .resource(ODRL.namespace + "Offer"))
        graph.add(policy, ODRL.namespace + "uid", .literal(offer.code))
        graph.add(policy, DCT.namespace + "title", .literal(offer.titleZh, language: "zh"))
        graph.add(policy, DCT.namespace + "title", .literal(offer.titleEn, language: "en"))
        let permission = graph.addBlank(policy, ODRL.namespace + "permission", ODRL.namespace + "Permission")
        graph.add(permission, ODRL.namespace + "target", subject)
        graph.add(permission, ODRL.namespace + "action", .resource(ODRL.namespace + "use"))
        if let seller = product.responsible.first(where: { $0.role == "seller" }) {
            graph.add(permission, ODRL.namespace + "assigner", addresses.party(seller.party.code))
        }
        let purpose = constraint(permission, "constraint", "purpose", "isAnyOf", in: &graph)
        for code in offer.purposes { graph.add(purpose, ODRL.namespace + "rightOperand", .literal(code)) }
        let term = constraint(permission, "constraint", "elapsedTime", "lteq", in: &graph)
        graph.add(
            term, ODRL.namespace + "rightOperand", .typed("P\(offer.termDays)D", datatype: XSD.duration))
        if offer.priceMinor > 0 { addPrice(to: permission, in: &graph) }
    }

    private func addPrice(to permission: Term, in graph: inout Graph) {
        let duty = graph.addBlank(permission, ODRL.namespace + "duty", ODRL.namespace + "Duty")
        let action = graph.newBlank()
        graph.add(duty, ODRL.namespace + "action", action)
        graph.add(action, RDF.namespace + "value", .resource(ODRL.namespace + "compensate"))
        let amount = constraint(action, "refinement", "payAmount", "eq", in: &graph)
        let cents = offer.priceMinor % 100
        let decimal = "\(offer.priceMinor / 100).\(cents < 10 ? "0" : "")\(cents)"
        graph.add(amount, ODRL.namespace + "rightOperand", .typed(decimal, datatype: XSD.decimal))
        graph.add(
            amount, ODRL.namespace + "unit",
            .resource("http://publications.europa.eu/resource/authority/currency/\(offer.currency)"))
    }

    private func constraint(
        _ subject: Term, _ property: String, _ left: String, _ comparison: String, in graph: inout Graph
    ) -> Term {
        let node = graph.addBlank(subject, ODRL.namespace + property, ODRL.namespace + "Constraint")
        graph.add(node, ODRL.namespace + "leftOperand", .resource(ODRL.namespace + left))
        graph.add(node, ODRL.namespace + "operator", .resource(ODRL.namespace + comparison))
        return node
    }
}
