import Foundation
import Marketplace
import Testing

@testable import Web

@Suite struct FigureTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (12_800, "12,800"), (1_234_567, "1,234,567"), (-45_000, "-45,000"),
    ]) func `a whole number has its thousands set apart`(number: Int, written: String) {
        #expect(number.grouped == written)
    }

    @Test(arguments: [
        (0.29, "29%"), (1, "100%"), (0.99999, "99.99%"), (0.00001, "0%"), (1.0 / 3, "33.33%"), (0.5, "50%"),
    ]) func `a share is rounded down, so that all is all`(share: Double, written: String) {
        #expect(share.percentDown == written)
    }

    @Test(arguments: [
        (1.5, "1.5"), (-0.25, "-0.25"), (2.0 / 3, "0.666667"), (-0.0000001, "0"), (120.0, "120"),
        (10_000_000_000_000.0, "10000000000000"), (1e18, "1000000000000000000"),
    ]) func `a number has six decimals at most`(number: Double, written: String) {
        #expect(number.shortened == written)
    }

    @Test(arguments: [
        ("2026-11-24T11:40:02.1+00:00", "2026-11-24 19:40"), ("2026-12-31T23:59:59Z", "2027-01-01 07:59"),
        ("2024-02-29T00:00:00+08:00", "2024-02-29 00:00"), ("1969-12-31T20:00:00-05:30", "1970-01-01 09:30"),
    ]) func `a time is read as Beijing's clocks show it`(written: String, read: String) {
        #expect(BeijingTime.text(written) == read)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24 11:40:02+00:00", "yesterday, in the evening", "2026-11-24T11:40:02",
    ])
    func `what is no time is none`(written: String) {
        #expect(BeijingTime.text(written) == nil)
    }

    @Test func `money is negative as a whole`() {
        #expect(JSONNode.money(-12_805, "CNY") == "−¥128.05")
        #expect(JSONNode.money(1_280_000, "EUR") == "EUR 12,800.00")
    }
}
