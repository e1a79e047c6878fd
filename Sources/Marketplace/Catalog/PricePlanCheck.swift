import Foundation

/// What can be wrong with a price plan whatever the market holds: every refusal names its member.
extension ProductListing.Offer {
    static let largestQuantity = Decimal(1_000_000_000_000_000)
    private static let largestUnitPrice = Decimal(1_000_000_000_000)
    private static let largestPrice: Int64 = 1_000_000_000_000_000

    func checkPlan(_ path: String, useClass: String?) throws {
        try ProductListing.checkChoice(
            kind, "\(path)kind", ["free", "one_off", "subscription", "metered", "combined"])
        guard useClass != "public_benefit" || kind == "free" else {
            throw InvalidInput("\(path)kind", "Products of public benefit are free.")
        }
        guard (0..<Self.largestPrice).contains(priceMinor), ["free", "metered"].contains(kind) == (priceMinor == 0)
        else {
            throw InvalidInput(
                "\(path)price_minor",
                "A free offer and one metered by use have the price 0, any other a price above 0 and below 10^15.")
        }
        try checkPeriod(path)
        guard vatRate.map({ $0 >= 0 && $0 < 1 && $0.isWhole(times: 10_000) }) ?? true else {
            throw InvalidInput("\(path)vat_rate", "A tax rate is 0 or above and below 1, with at most four decimals.")
        }
        try checkTrial(path)
        try checkUsage(path)
        try checkQuotas(path)
        if let offeredUntil { _ = try parsedTime(offeredUntil, field: "\(path)offered_until") }
        guard (1...1_000_000_000).contains(places ?? 1) else {
            throw InvalidInput("\(path)places", "An offer has 1 to 1000000000 places.")
        }
        try ProductListing.checkChoice(
            approval ?? "automatic", "\(path)approval", ["automatic", "operator", "operator_and_provider"])
        if let replaces { try ProductListing.checkCode(replaces, "\(path)replaces") }
        guard replaces != code else { throw InvalidInput("\(path)replaces", "An offer does not replace itself.") }
    }

    private func checkPeriod(_ path: String) throws {
        guard isPeriodic == (billingPeriod != nil) else {
            throw InvalidInput(
                "\(path)billing_period",
                isPeriodic
                    ? "This kind of offer is billed by month, quarter or year." : "This kind of offer is paid once.")
        }
        if let billingPeriod {
            try ProductListing.checkChoice(billingPeriod, "\(path)billing_period", ["month", "quarter", "year"])
        }
        for (name, limit) in [("minimum_minor", minimumMinor), ("maximum_minor", maximumMinor)] {
            guard isPeriodic || limit == nil else {
                throw InvalidInput("\(path)\(name)", "Only what is billed by period has a minimum or maximum.")
            }
            guard (0..<Self.largestPrice).contains(limit ?? 0) else {
                throw InvalidInput("\(path)\(name)", "A limit is 0 or above, and below 10^15.")
            }
        }
        guard maximumMinor ?? .max >= max(minimumMinor ?? 0, priceMinor) else {
            throw InvalidInput("\(path)maximum_minor", "The maximum is below the minimum or the fixed price.")
        }
    }

    private func checkTrial(_ path: String) throws {
        guard let trialDays else { return }
        guard isPeriodic else {
            throw InvalidInput("\(path)trial_days", "A trial comes before a first billing period; this offer has none.")
        }
        guard trialDays > 0, trialDays < termDays else {
            throw InvalidInput("\(path)trial_days", "A trial has at least one day and fewer than the term.")
        }
    }

    private func checkUsage(_ path: String) throws {
        let takesUse = ["metered", "combined"].contains(kind)
        guard takesUse == (usage?.isEmpty == false) else {
            throw InvalidInput(
                "\(path)usage",
                takesUse ? "This kind of offer states what use costs." : "Only metered and combined offers price use.")
        }
        var meters: Set<String> = []
        for (index, price) in (usage ?? []).enumerated() {
            let field = "\(path)usage[\(index)]"
            guard meters.insert(price.meter).inserted else {
                throw InvalidInput("\(field).meter", "A meter has one price in an offer.")
            }
            try price.check(field)
        }
    }

    private func checkQuotas(_ path: String) throws {
        var seen: Set<[String]> = []
        for (index, quota) in (quotas ?? []).enumerated() {
            let field = "\(path)quotas[\(index)]"
            guard seen.insert([quota.meter, String(quota.trial ?? false)]).inserted else {
                throw InvalidInput("\(field).meter", "A meter has one quota, and one in the trial.")
            }
            guard quota.trial != true || trialDays != nil else {
                throw InvalidInput("\(field).trial", "This offer has no trial.")
            }
            guard quota.quantity > 0, quota.quantity < Self.largestQuantity else {
                throw InvalidInput("\(field).quantity", "A quantity is above 0 and below 10^15.")
            }
            if let period = quota.period {
                try ProductListing.checkChoice(period, "\(field).period", ["day", "month", "quarter", "year"])
            }
            let carried = quota.carryOver ?? 0
            guard carried >= 0, carried < Self.largestQuantity, carried == 0 || quota.period != nil else {
                throw InvalidInput(
                    "\(field).carry_over", "What is carried over is 0 or above, and needs a period that comes again.")
            }
        }
    }

    fileprivate static func checkTier(_ tier: Tier, after previous: Decimal?, _ field: String) throws {
        guard previous.map({ tier.above > $0 }) ?? (tier.above == 0), tier.above < largestQuantity else {
            throw InvalidInput(
                "\(field).above", "The first tier begins above 0, each further one above the one before.")
        }
        guard tier.unitPrice >= 0, tier.unitPrice < largestUnitPrice else {
            throw InvalidInput("\(field).unit_price", "A price is 0 or above, and below 10^12 minor units.")
        }
        guard (0..<largestPrice).contains(tier.flatMinor ?? 0) else {
            throw InvalidInput("\(field).flat_minor", "A price is 0 or above, and below 10^15 minor units.")
        }
    }
}

extension ProductListing.Offer.UsagePrice {
    func check(_ field: String) throws {
        try ProductListing.checkChoice(mode, "\(field).mode", ["per_unit", "graduated", "volume", "package"])
        guard (mode == "package") == (packageSize != nil), packageSize ?? 1 > 0,
            packageSize ?? 1 < ProductListing.Offer.largestQuantity
        else {
            throw InvalidInput("\(field).package_size", "A package has a size above 0; other modes have none.")
        }
        let isTiered = ["graduated", "volume"].contains(mode)
        guard !tiers.isEmpty, isTiered || tiers.count == 1, tiers.count <= 100 else {
            throw InvalidInput(
                "\(field).tiers", isTiered ? "A price has 1 to 100 tiers." : "The mode \(mode) has exactly one tier.")
        }
        var previous: Decimal?
        for (index, tier) in tiers.enumerated() {
            try ProductListing.Offer.checkTier(tier, after: previous, "\(field).tiers[\(index)]")
            previous = tier.above
        }
    }
}

extension Decimal {
    fileprivate func isWhole(times factor: Decimal) -> Bool {
        var (scaled, rounded) = (self * factor, Decimal())
        NSDecimalRound(&rounded, &scaled, 0, .plain)
        return rounded == scaled
    }
}
