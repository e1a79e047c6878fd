/// What has to be paid for a permission, as duties of a policy; nothing when it costs nothing.
struct PriceDuties {
    let priceMinor: Int64
    let currency: String
    let billingPeriod: String?
    let tiers: [ExportedProduct.UsageTier]
    let basis: String?

    func add(to permission: Term, in graph: inout Graph) {
        if priceMinor > 0 { addFixedPrice(to: permission, in: &graph) }
        for tier in tiers { add(tier, to: permission, in: &graph) }
    }

    /// Once, or for each billing period.
    private func addFixedPrice(to permission: Term, in graph: inout Graph) {
        let cents = priceMinor % 100
        let action = addPayment(
            "\(priceMinor / 100).\(cents < 10 ? "0" : "")\(cents)", to: permission, in: &graph)
        let lengths = ["month": "P1M", "quarter": "P3M", "year": "P1Y"]
        guard let length = billingPeriod.flatMap({ lengths[$0] }) else { return }
        graph.constrain(
            action, "timeInterval", "eq", [.typed(length, datatype: XSD.duration)], property: "refinement")
    }

    /// For each unit above a quantity, or for each package of units.
    private func add(_ tier: ExportedProduct.UsageTier, to permission: Term, in graph: inout Graph) {
        let action = addPayment(tier.price, to: permission, in: &graph)
        let unit = [tier.packageSize, tier.meter].compactMap { $0 }.joined(separator: " ")
        graph.constrain(action, "unitOfCount", "eq", [.literal(unit)], property: "refinement")
        graph.constrain(
            action, "count", "gt", [decimal(tier.above)], property: "refinement")
    }

    /// - Returns: the action of the duty to pay.
    private func addPayment(_ amount: String, to permission: Term, in graph: inout Graph) -> Term {
        let duty = graph.addBlank(permission, ODRL.namespace + "duty", ODRL.namespace + "Duty")
        let action = graph.newBlank()
        graph.add(duty, ODRL.namespace + "action", action)
        graph.add(action, RDF.namespace + "value", .resource(ODRL.namespace + "compensate"))
        graph.add(duty, DMT.basis, basis.map { .literal($0) })
        let payment = graph.constrain(
            action, "payAmount", "eq", [decimal(amount)], property: "refinement")
        graph.add(
            payment, ODRL.namespace + "unit",
            .resource("http://publications.europa.eu/resource/authority/currency/\(currency)"))
        return action
    }

    /// Always with a point: the library writes a decimal without one into Turtle as a bare number, which is an integer.
    private func decimal(_ text: String) -> Term {
        .typed(text.contains(".") ? text : text + ".0", datatype: XSD.decimal)
    }
}
