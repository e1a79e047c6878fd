import Foundation

/// The agreement of a purchase, before it is signed: what was accepted, by parts that receipts name by their hashes, and
/// the same conditions as a policy of ODRL 2.2.
struct Agreement {
    let members: [String: JSONTree]

    /// - Parameter terms: what `purchase_terms` answers.
    init(terms text: [UInt8]) throws {
        guard case .object(let terms) = try JSONTree(json: text).withLargeNumbersAsTexts else {
            throw NotCanonical(description: "the terms are no object")
        }
        func chosen(_ names: String...) -> [String: JSONTree] {
            Dictionary(uniqueKeysWithValues: names.map { ($0, terms[$0] ?? .null) })
        }
        var members = chosen(
            "purchase", "requested_at", "accepted_at", "recorded_at", "buyer", "seller", "directory_entries",
            "responsibility")
        members["format"] = .text("datamarket-agreement/1")
        members["listing"] = terms["product"] ?? .null
        members["terms"] = .object(
            chosen(
                "offer", "price", "conditions", "purpose", "scope", "place", "retention_days", "qualifications",
                "since",
                "until"))
        members["policy"] = try AgreementPolicy(terms: terms).document()
        self.members = members
    }

    /// `{"listing", "terms", "directory_entries": [{"code", "version", "sha256"}], "responsibility"}`: hashes of the
    /// canonical forms of the parts; that of an entry version is the directory's own.
    func parts() throws -> JSONTree {
        func hash(_ name: String) throws -> JSONTree {
            .text(SHA256.digest(try (members[name] ?? .null).canonical()).hexadecimal)
        }
        let entries = (members["directory_entries"]?.list ?? []).map { entry in
            JSONTree.object([
                "code": entry["code"] ?? .null, "version": entry["version"] ?? .null,
                "sha256": entry["sha256"] ?? .null,
            ])
        }
        return .object([
            "listing": try hash("listing"), "terms": try hash("terms"), "directory_entries": .list(entries),
            "responsibility": try hash("responsibility"),
        ])
    }
}

/// What was agreed as an odrl:Agreement in JSON-LD. Its addresses are relative to where the agreement is read.
private struct AgreementPolicy {
    let terms: [String: JSONTree]
    private let addresses = Addresses(base: "")

    init(terms: [String: JSONTree]) { self.terms = terms }

    func document() throws -> JSONTree {
        let stated = try JSONTree.list(terms["conditions"]?.list ?? []).canonical()
        // The fee of an agreement is its price.
        let conditions = try JSONDecoder().decode([ExportedEntry.StatedCondition].self, from: Data(stated))
        let policy = Term.resource("urn:uuid:\(terms["purchase"]?.text ?? "")")
        let target = Term.resource(addresses.product(terms["product"]?["code"]?.text ?? ""))
        var graph = Graph()
        graph.add(policy, RDF.type, .resource(ODRL.namespace + "Agreement"))
        graph.add(policy, ODRL.namespace + "uid", policy)
        let permission = PolicyRules(
            policy: policy, target: target, assigner: party("seller"),
            conditions: conditions.filter { $0.kind != "fee" }
        ).add(to: &graph)
        graph.add(permission, ODRL.namespace + "assignee", party("buyer"))
        for (name, comparison) in [("since", "gteq"), ("until", "lt")] {
            guard let moment = terms[name]?.text else { continue }
            graph.constrain(permission, "dateTime", comparison, [.typed(moment, datatype: XSD.dateTime)])
        }
        PriceDuties(
            priceMinor: minorUnits, currency: terms["price"]?["currency"]?.text ?? "",
            billingPeriod: terms["offer"]?["billing_period"]?.text, tiers: tiers,
            basis: conditions.first { $0.kind == "fee" }?.basis
        ).add(to: permission, in: &graph)
        var writer = JSONLDWriter()
        return try JSONTree(json: try writer.write(graph) + writer.finish())
    }

    /// What a double cannot hold stands as a text.
    private var minorUnits: Int64 {
        let amount = terms["price"]?["minor_units"]
        return amount?.number.map(Int64.init) ?? amount?.text.flatMap { Int64($0) } ?? 0
    }

    /// Prices by use; an amount of minor units becomes one of the currency, exactly.
    private var tiers: [ExportedProduct.UsageTier] {
        (terms["offer"]?["usage_prices"]?.list ?? []).flatMap { price in
            (price["tiers"]?.list ?? []).map { tier in
                let minorUnits = Decimal(string: tier["unit_price"]?.text ?? "") ?? 0
                return ExportedProduct.UsageTier(
                    meter: price["meter"]?.text ?? "", mode: price["mode"]?.text ?? "",
                    above: tier["above"]?.text ?? "", price: "\(minorUnits / 100)",
                    packageSize: price["package_size"]?.text)
            }
        }
    }

    private func party(_ name: String) -> Term? {
        terms[name]?["code"]?.text.map { addresses.party($0) }
    }
}
