import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ProductFigureTests {
    private func day(_ number: Int) -> Date { AdoptionFixture.day(number) }

    /// DP-FLOOD-001 is there from the first day, a report from day 10 on, and one for public benefit from day 40 on.
    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { fixture async throws in
            try await fixture.list("DP-REPORT", kind: "report", at: day(10) + 60)
            try await fixture.list("DP-OPEN", useClass: "public_benefit", at: day(40) + 60)
            try await work(fixture)
        }
    }

    @Test func `products are listed from their day on, and sold from their first purchase on`() async throws {
        try await with { market async throws in
            for enterprise in market.enterprises {
                try await market.buy("OF-FLOOD-ONCE", for: enterprise, at: day(12) + 60)
            }
            try await market.count()
            let before = try await market.values(.init(metric: "products", asOf: day(11)))
            #expect(before["listed"] == 2 && before["sold"] == 0 && before["never_sold"] == 2)
            let after = try await market.values(.init(metric: "products", by: "product_kind", asOf: day(50)))
            #expect(after["listed"] == 3 && after["sold"] == 1 && after["never_sold"] == 2)
            #expect(after["data_set sold"] == 1 && after["data_set never_sold"] == 1)
            #expect(after["report sold"] == 0 && after["report never_sold"] == 1)
            let benefit = try await market.values(.init(metric: "products", by: "use_class", asOf: day(50)))
            #expect(benefit["public_benefit listed"] == 1 && benefit["industry sold"] == 1)
        }
    }

    @Test func `a period has the products that were listed and delisted within it, by month`() async throws {
        try await with { market async throws in
            try await market.run("UPDATE product SET delisted_at = '\(day(45))' WHERE code = 'DP-REPORT'")
            let period = FigureRequest(metric: "products", from: day(9), until: day(42), asOf: day(100))
            let within = try await market.values(period)
            #expect(within["newly_listed"] == 2 && within["delisted"] == 0 && within["listed"] == 3)
            let whole = try await market.values(.init(metric: "products", asOf: day(100)))
            #expect(whole["newly_listed"] == 3 && whole["delisted"] == 1 && whole["listed"] == 2)
            let months = try await market.values(.init(metric: "products", by: "month", asOf: day(100)))
            #expect(months.filter { $0.key.hasSuffix(" newly_listed") }.values.reduce(0, +) == 3)
            #expect(months.filter { $0.key.hasSuffix(" delisted") }.values.reduce(0, +) == 1)
            #expect(!months.keys.contains { $0.hasSuffix(" sold") })
        }
    }

    @Test func `a purchase that became known late makes its product sold in what is known now, not in what was`()
        async throws
    {
        try await with { market async throws in
            try await market.buy("OF-DP-REPORT", for: market.fixtures.bank, at: day(12), knownAfter: 20 * 86_400)
            try await market.count()
            let sold = { (known: Int) in
                try await market.values(.init(metric: "products", asOf: day(20), recordedBy: day(known)))["sold"]
            }
            #expect(try await sold(20) == 0)
            #expect(try await sold(40) == 1)
        }
    }

    @Test func `a product whose only purchase was refunded is sold in refunded, and never sold in the market`()
        async throws
    {
        try await with { market async throws in
            let purchase = try await market.buy("OF-DP-REPORT", for: market.fixtures.bank, at: day(12))
            try await market.end(purchase, of: market.fixtures.bank, as: .refunded, at: day(15))
            try await market.count()
            let sold = { (standing: String, asOf: Int) in
                try await market.values(.init(metric: "products", asOf: day(asOf), standing: standing))["sold"]
            }
            #expect(try await sold("market", 14) == 1)
            #expect(try await sold("market", 16) == 0)
            #expect(try await sold("refunded", 14) == 0)
            #expect(try await sold("refunded", 16) == 1)
        }
    }

    @Test func `what fewer than three enterprises made sold is hidden with what it leaves unsold`() async throws {
        try await with { market async throws in
            try await market.buy("OF-FLOOD-ONCE", for: market.fixtures.bank, at: day(12))
            try await market.buy("OF-DP-REPORT", for: market.fixtures.insurer, at: day(12))
            try await market.count()
            let hidden = try await market.shown(.init(metric: "products", asOf: day(50)))
            #expect(hidden["listed"] == 3 && hidden["sold"] == .some(nil) && hidden["never_sold"] == .some(nil))
            try await market.buy("OF-DP-OPEN", for: market.fixtures.carrier, at: day(45))
            try await market.count()
            #expect(try await market.shown(.init(metric: "products", asOf: day(50)))["sold"] == 3)
            #expect(try await market.shown(.init(metric: "products", asOf: day(44)))["sold"] == .some(nil))
        }
    }

    @Test func `whoever was refunded is not behind a product that another bought later`() async throws {
        try await with { market async throws in
            // All three products were sold first to an enterprise each; two of these were refunded, and one bought all.
            let offers = ["OF-FLOOD-ONCE", "OF-DP-REPORT", "OF-DP-OPEN"]
            for (offer, enterprise) in zip(offers, market.enterprises) {
                let purchase = try await market.buy(offer, for: enterprise, at: day(41))
                guard enterprise != market.fixtures.carrier else { continue }
                try await market.buy(offer, for: market.fixtures.carrier, at: day(42))
                try await market.end(purchase, of: enterprise, as: .refunded, at: day(43))
            }
            try await market.count()
            #expect(try await market.values(.init(metric: "products", asOf: day(50)))["sold"] == 3)
            #expect(try await market.shown(.init(metric: "products", asOf: day(50)))["sold"] == .some(nil))
        }
    }

    @Test func `the seller's province is that of who operated the product then`() async throws {
        try await with { market async throws in
            let other = try await market.market.parties.record(
                .init(
                    code: CreditCode("91110000MA00000A1Y".replacingOccurrences(of: "A1Y", with: "B23")),
                    nameZh: "另一运营机构", nameEn: "Another operator", kind: "operator", province: "110000", synthetic: true),
                now: Fixtures.day)
            try await market.run(
                """
                WITH ended AS (
                    UPDATE responsibility SET recorded = tstzrange(lower(recorded), '\(day(20))')
                    WHERE role = 'operator' AND product_id = (SELECT id FROM product WHERE code = 'DP-REPORT')
                    RETURNING product_id, lower(valid) AS since
                )
                INSERT INTO responsibility (id, party_id, role, product_id, valid, recorded, basis, basis_sha256)
                SELECT gen_random_uuid(), made.party, 'operator', ended.product_id, made.valid,
                    tstzrange('\(day(20))', NULL), 'handed over', sha256('handed over')
                FROM ended CROSS JOIN LATERAL (VALUES
                    ('\(market.fixtures.seller)'::uuid, tstzrange(since, '\(day(20))')),
                    ('\(other)'::uuid, tstzrange('\(day(20))', NULL))) AS made (party, valid)
                """)
            let province = { (asOf: Int, known: Int) in
                try await market.values(
                    .init(
                        metric: "products", by: "seller_province", asOf: day(asOf), recordedBy: day(known)))
            }
            #expect(try await province(15, 15)["350000 listed"] == 2)
            let after = try await province(30, 30)
            #expect(after["350000 listed"] == 1 && after["110000 listed"] == 1)
            #expect(try await province(30, 19)["350000 listed"] == 2)
        }
    }

    @Test func `a dimension or a standing that it has not is refused by name`() async throws {
        try await AdoptionFixture.with { market async throws in
            for (request, field) in [
                (FigureRequest(metric: "products", by: "section"), "by"),
                (FigureRequest(metric: "products", standing: "all"), "standing"),
            ] {
                let refusal = await #expect(throws: InvalidInput.self) {
                    _ = try await market.market.adoption.figure(request)
                }
                #expect(refusal?.field == field)
            }
        }
    }

    // MARK: Against a recount that knows nothing of the steps

    private struct Deal {
        let id: UUID
        let product: Int
        let enterprise: UUID
        let accepted: Date
        let known: Date
        let trialUntil: Date?
        var end: (at: Date, isRefund: Bool)?

        /// In which standing it is, as of a time and as known by one.
        func standing(asOf: Date, recordedBy: Date) -> String? {
            guard accepted < asOf, known < recordedBy else { return nil }
            let end = self.end.flatMap { max($0.at, known) < recordedBy ? $0 : nil }
            if let end, end.isRefund, end.at < asOf { return "refunded" }
            guard let trialUntil else { return "market" }
            if let end, end.at < trialUntil { return "trial" }
            return trialUntil < asOf ? "market" : "trial"
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func `after any history, with late records and refunds, what is sold is what a recount finds`(seed: UInt64)
        async throws
    {
        try await AdoptionFixture.with { market async throws in
            try await market.list("DP-REPORT", kind: "report", at: Fixtures.day + 60)
            try await market.fixtures.offer(
                Fixtures.offer(
                    "OF-TRIAL",
                    plan: #""kind": "subscription", "price_minor": 5000, "billing_period": "month", "trial_days": 7"#),
                in: market.market, now: Fixtures.day + 60)
            var random = SeededGenerator(state: seed)
            var deals: [Deal] = []
            for step in 0..<60 {
                let moment = day(1 + random.next(40)) + Double(60 + random.next(80_000))
                if random.next(3) == 0,
                    let place = deals.indices.filter({ deals[$0].end == nil }).randomElement(using: &random)
                {
                    let deal = deals[place]
                    let end = (at: deal.accepted + Double(60 + random.next(15 * 86_400)), isRefund: random.next(2) == 0)
                    try await market.end(
                        deal.id, of: deal.enterprise, as: end.isRefund ? .refunded : .terminated, at: end.at)
                    deals[place].end = end
                } else {
                    let enterprise = market.enterprises[random.next(3)]
                    let offer = ["OF-FLOOD-ONCE", "OF-TRIAL", "OF-TRIAL", "OF-DP-REPORT"][random.next(4)]
                    let delay = random.next(3) == 0 ? Double(random.next(15 * 86_400)) : 0
                    let id = try await market.buy(offer, for: enterprise, at: moment, knownAfter: delay)
                    deals.append(
                        Deal(
                            id: id, product: offer == "OF-DP-REPORT" ? 2 : 1, enterprise: enterprise, accepted: moment,
                            known: moment + delay, trialUntil: offer == "OF-TRIAL" ? moment + 7 * 86_400 : nil))
                }
                if step % 5 == 0 { try await market.count() }
            }
            try await market.count()
            let ladder = ["market", "trial", "refunded"]
            for (asOf, recordedBy) in [(3, 60), (5, 60), (10, 12), (20, 20), (20, 60), (30, 25), (45, 33), (60, 60)] {
                let (asOf, recordedBy) = (day(asOf), day(recordedBy))
                let best = Dictionary(grouping: deals, by: \.product).values.map { own in
                    own.compactMap { $0.standing(asOf: asOf, recordedBy: recordedBy) }
                        .compactMap(ladder.firstIndex).min()
                }
                for (rank, standing) in ladder.enumerated() {
                    let request = FigureRequest(
                        metric: "products", asOf: asOf, recordedBy: recordedBy, standing: standing)
                    let sold = try await market.values(request)["sold"]
                    #expect(sold == Decimal(best.count { $0 == rank }), "\(standing) as of \(asOf) by \(recordedBy)")
                }
            }
            let checks = try await market.market.totals.verify()
            #expect(
                checks.allSatisfy { $0.wrong == 0 && ($0.checked > 0 || $0.name.contains("directory")) }, "\(checks)")
        }
    }
}
