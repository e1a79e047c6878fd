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
        if offer.priceMinor > 0 { addFixedPrice(to: permission, in: &graph) }
        for tier in offer.usage { add(tier, to: permission, in: &graph) }
    }

    /// Once, or for each billing period.
    private func addFixedPrice(to permission: Term, in graph: inout Graph) {
        let action = demand(decimalAmount(offer.priceMinor), for: permission, in: &graph)
        let lengths = ["month": "P1M", "quarter": "P3M", "year": "P1Y"]
        guard let length = offer.billingPeriod.flatMap({ lengths[$0] }) else { return }
        graph.constrain(
            action, "timeInterval", "eq", [.typed(length, datatype: XSD.duration)], property: "refinement")
    }

    /// For each unit above a quantity, or for each package of units.
    private func add(_ tier: ExportedProduct.UsageTier, to permission: Term, in graph: inout Graph) {
        let action = demand(tier.price, for: permission, in: &graph)
        let unit = [tier.packageSize, tier.meter].compactMap { $0 }.joined(separator: " ")
        graph.constrain(action, "unitOfCount", "eq", [.literal(unit)], property: "refinement")
        graph.constrain(
            action, "count", "gt", [.typed(tier.above, datatype: XSD.decimal)], property: "refinement")
    }

    private func demand(_ amount: String, for permission: Term, in graph: inout Graph) -> Term {
        graph.demandPayment(
            for: permission, amount: amount, currency: offer.currency,
            basis: offer.conditions.first { $0.kind == "fee" }?.basis)
    }
}

/// Minor units as an amount with two decimals.
func decimalAmount(_ minorUnits: Int64) -> String {
    let cents = minorUnits % 100
    return "\(minorUnits / 100).\(cents < 10 ? "0" : "")\(cents)"
}

extension Graph {
    /// The duty to pay an amount for a permission. - Returns: its action, which refinements say more of.
    @discardableResult
    mutating func demandPayment(for permission: Term, amount: String, currency: String, basis: String?) -> Term {
        let duty = addBlank(permission, ODRL.namespace + "duty", ODRL.namespace + "Duty")
        let action = newBlank()
        add(duty, ODRL.namespace + "action", action)
        add(action, RDF.namespace + "value", .resource(ODRL.namespace + "compensate"))
        add(duty, DMT.basis, basis.map { .literal($0) })
        let payment = constrain(
            action, "payAmount", "eq", [.typed(amount, datatype: XSD.decimal)], property: "refinement")
        add(
            payment, ODRL.namespace + "unit",
            .resource("http://publications.europa.eu/resource/authority/currency/\(currency)"))
        return action
    }
}
