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
        PriceDuties(
            priceMinor: offer.priceMinor, currency: offer.currency, billingPeriod: offer.billingPeriod,
            tiers: offer.usage,
            basis: offer.conditions.first { $0.kind == "fee" }?.basis
        ).add(to: permission, in: &graph)
    }
}
