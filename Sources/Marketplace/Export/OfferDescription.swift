import Foundation

/// An offer as an odrl:Offer: use on its conditions and for its term, against payment when it has a price.
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
        let seller = product.responsible.first { $0.role == "seller" }
        let permission = PolicyRules(
            policy: policy, target: subject, assigner: seller.map { addresses.party($0.party.code) },
            // The fee of an offer is its price.
            conditions: offer.conditions.filter { $0.kind != "fee" }
        ).add(to: &graph)
        graph.constrain(
            permission, "elapsedTime", "lteq", [.typed("P\(offer.termDays)D", datatype: XSD.duration)])
        graph.demandPayment(
            for: permission, minorUnits: offer.priceMinor, currency: offer.currency,
            basis: offer.conditions.first { $0.kind == "fee" }?.basis)
    }
}

extension Graph {
    /// The duty to pay a price for a permission; none when it costs nothing.
    mutating func demandPayment(for permission: Term, minorUnits: Int64, currency: String, basis: String?) {
        guard minorUnits > 0 else { return }
        let duty = addBlank(permission, ODRL.namespace + "duty", ODRL.namespace + "Duty")
        let action = newBlank()
        add(duty, ODRL.namespace + "action", action)
        add(action, RDF.namespace + "value", .resource(ODRL.namespace + "compensate"))
        add(duty, DMT.basis, basis.map { .literal($0) })
        let cents = minorUnits % 100
        let decimal = "\(minorUnits / 100).\(cents < 10 ? "0" : "")\(cents)"
        let amount = constrain(
            action, "payAmount", "eq", [.typed(decimal, datatype: XSD.decimal)], property: "refinement")
        add(
            amount, ODRL.namespace + "unit",
            .resource("http://publications.europa.eu/resource/authority/currency/\(currency)"))
    }
}
