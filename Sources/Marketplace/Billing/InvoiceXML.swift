import CLibXML
import Foundation

/// An invoice as issued, for accounting: UBL 2.1 with the core of EN 16931. What was paid or credited since is not part of
/// it. An adjustment line of a negative amount is a negative quantity, because a price is never negative there.
public struct InvoiceXML {
    private let invoice: Stated

    /// - Throws: `BillingError.stillDraft`.
    public init(_ document: JSONDocument) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        invoice = try decoder.decode(Stated.self, from: Data(document.text.utf8))
        guard invoice.number != nil else { throw BillingError.stillDraft }
    }

    private struct Stated: Decodable {
        let number: String?
        let issuedAt, dueOn: String?
        let currency, purchase: String
        let seller, buyer: Party
        let netMinor, vatMinor, grossMinor: Int64
        let vatTotals: [Rate]
        let lines: [Line]
        let days: Days
        struct Days: Decodable { let since, before: String }
        struct Party: Decodable { let scheme, identifier, name: String }
        struct Rate: Decodable {
            let vatRate: Decimal
            let netMinor, vatMinor: Int64
        }
        struct Line: Decodable {
            let number: Int
            let titleEn, titleZh: String
            let quantity, unitPriceMinor: Decimal?
            let netMinor: Int64
            let vatRate: Decimal
        }
    }

    public func text() -> [UInt8] {
        let root = XMLElement(
            root: "Invoice",
            spaces: [
                "": "\(Self.space)Invoice-2", "cac": "\(Self.space)CommonAggregateComponents-2",
                "cbc": "\(Self.space)CommonBasicComponents-2",
            ])
        root.add("cbc:CustomizationID", "urn:cen.eu:en16931:2017")
        root.add("cbc:ID", invoice.number ?? "")
        root.add("cbc:IssueDate", Billing.legalDay(of: invoice.issuedAt ?? ""))
        root.add("cbc:DueDate", invoice.dueOn ?? "")
        root.add("cbc:InvoiceTypeCode", "380")
        root.add("cbc:DocumentCurrencyCode", invoice.currency)
        root.add("cac:InvoicePeriod") { period in
            period.add("cbc:StartDate", invoice.days.since)
            period.add("cbc:EndDate", Billing.day(before: invoice.days.before))
        }
        root.add("cac:ContractDocumentReference") { $0.add("cbc:ID", invoice.purchase) }
        root.add("cac:AccountingSupplierParty") { add(invoice.seller, to: $0) }
        root.add("cac:AccountingCustomerParty") { add(invoice.buyer, to: $0) }
        addTotals(to: root)
        for line in invoice.lines { root.add("cac:InvoiceLine") { add(line, to: $0) } }
        return root.document()
    }

    private static let space = "urn:oasis:names:specification:ubl:schema:xsd:"

    private func add(_ party: Stated.Party, to element: XMLElement) {
        element.add("cac:Party") { inner in
            inner.add("cac:PartyIdentification") { $0.add("cbc:ID", party.identifier) }
            inner.add("cac:PartyName") { $0.add("cbc:Name", party.name) }
            inner.add("cac:PostalAddress") { address in
                address.add("cac:Country") { $0.add("cbc:IdentificationCode", "CN") }
            }
            if party.scheme == "uscc" {
                inner.add("cac:PartyTaxScheme") { scheme in
                    scheme.add("cbc:CompanyID", "CN\(party.identifier)")
                    scheme.add("cac:TaxScheme") { $0.add("cbc:ID", "VAT") }
                }
            }
            inner.add("cac:PartyLegalEntity") { entity in
                entity.add("cbc:RegistrationName", party.name)
                entity.add("cbc:CompanyID", party.identifier)
            }
        }
    }

    private func addTotals(to root: XMLElement) {
        root.add("cac:TaxTotal") { total in
            amount("cbc:TaxAmount", invoice.vatMinor, in: total)
            for rate in invoice.vatTotals {
                total.add("cac:TaxSubtotal") { part in
                    amount("cbc:TaxableAmount", rate.netMinor, in: part)
                    amount("cbc:TaxAmount", rate.vatMinor, in: part)
                    part.add("cac:TaxCategory") { category(rate.vatRate, $0) }
                }
            }
        }
        root.add("cac:LegalMonetaryTotal") { total in
            amount("cbc:LineExtensionAmount", invoice.netMinor, in: total)
            amount("cbc:TaxExclusiveAmount", invoice.netMinor, in: total)
            amount("cbc:TaxInclusiveAmount", invoice.grossMinor, in: total)
            amount("cbc:PayableAmount", invoice.grossMinor, in: total)
        }
    }

    private func add(_ line: Stated.Line, to element: XMLElement) {
        let price = line.unitPriceMinor.map { $0 / 100 }
        let isStated = line.quantity != nil && price != nil && line.netMinor >= 0
        element.add("cbc:ID", String(line.number))
        element.add(
            "cbc:InvoicedQuantity", isStated ? "\(line.quantity ?? 1)" : line.netMinor < 0 ? "-1" : "1",
            attributes: ["unitCode": "C62"])
        amount("cbc:LineExtensionAmount", line.netMinor, in: element)
        element.add("cac:Item") { item in
            item.add("cbc:Description", line.titleZh)
            item.add("cbc:Name", line.titleEn)
            item.add("cac:ClassifiedTaxCategory") { category(line.vatRate, $0) }
        }
        element.add("cac:Price") {
            $0.add(
                "cbc:PriceAmount", isStated ? "\(price ?? 0)" : Self.decimal(abs(line.netMinor)),
                attributes: ["currencyID": invoice.currency])
        }
    }

    /// Standard rate, or zero rate.
    private func category(_ rate: Decimal, _ element: XMLElement) {
        element.add("cbc:ID", rate > 0 ? "S" : "Z")
        element.add("cbc:Percent", "\(rate * 100)")
        element.add("cac:TaxScheme") { $0.add("cbc:ID", "VAT") }
    }

    private func amount(_ name: String, _ minor: Int64, in element: XMLElement) {
        element.add(name, Self.decimal(minor), attributes: ["currencyID": invoice.currency])
    }

    /// 123456 as `1234.56`.
    static func decimal(_ minor: Int64) -> String {
        let (whole, part) = minor.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(minor < 0 ? "-" : "")\(whole).\(part < 10 ? "0" : "")\(part)"
    }
}

extension Billing {
    /// The day of Beijing of a time as JSON writes it.
    static func legalDay(of time: String) -> String {
        (try? parsedTime(time, field: "time")).map(legalDay) ?? String(time.prefix(10))
    }

    /// The day before a day, such as `2026-01-31` before `2026-02-01`.
    public static func day(before day: String) -> String {
        (try? parsedTime(day, field: "day")).map {
            String($0.addingTimeInterval(-86_400).formatted(.iso8601).prefix(10))
        }
            ?? day
    }
}
