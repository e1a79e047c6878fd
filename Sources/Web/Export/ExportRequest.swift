import Foundation
import Hummingbird
import Marketplace

extension ExportSyntax {
    var mediaType: String {
        switch self {
        case .jsonLD: "application/ld+json"
        case .turtle: "text/turtle"
        case .rdfXML: "application/rdf+xml"
        }
    }
}

extension Request {
    /// The syntax that the client would rather have than any of the other types; nil when it is one of those.
    /// Without `Accept`, and for `*/*`, the first of the types and then of the syntaxes is meant.
    func exportSyntax(besides types: [String]) throws -> ExportSyntax? {
        let offered = types.map { ($0, ExportSyntax?.none) } + ExportSyntax.allCases.map { ($0.mediaType, $0) }
        let wanted = accepted()
        let ranked = offered.enumerated().map { place, offer in
            (quality: Self.quality(of: offer.0, in: wanted), place: place, syntax: offer.1)
        }
        let best = ranked.max { ($0.quality, -$0.place) < ($1.quality, -$1.place) }
        guard let best, best.quality > 0 else {
            if types.isEmpty { throw HTTPError(.notAcceptable) }
            return nil
        }
        return best.syntax
    }

    /// Kept, because it would be parsed anew with each request, which is a tenth of what a query of Delta Sharing costs the
    /// server. It holds no code of ours, so that matching changes nothing in it.
    nonisolated(unsafe) private static let hostForm =
        /[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?/

    /// Where the market is reached: as configured, or as the client calls it.
    /// - Throws: `InvalidInput` when the client's `Host` cannot stand in an address.
    func base(publicURL: String?) throws -> String {
        if let publicURL { return publicURL }
        let host = head.authority ?? ""
        guard host.wholeMatch(of: Self.hostForm) != nil
        else { throw InvalidInput("Host", "The Host header is no host name.") }
        return "http://\(host)"
    }

    private func accepted() -> [(type: Substring, quality: Double)] {
        guard let header = headers[.accept], !header.isEmpty else { return [("*/*", 1)] }
        return header.lowercased().split(separator: ",").map { part in
            let pieces = part.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            return (Substring(pieces.first ?? ""), quality ?? 1)
        }
    }

    /// The quality of the most specific range that a type falls under (RFC 9110, section 12.5.1).
    private static func quality(of type: String, in wanted: [(type: Substring, quality: Double)]) -> Double {
        for range in [type, type.prefix { $0 != "/" } + "/*", "*/*"] {
            if let found = wanted.first(where: { $0.type == range }) { return found.quality }
        }
        return 0
    }
}

/// One thing as RDF, with an ETag.
func cacheableResponse(_ document: [UInt8], as syntax: ExportSyntax, to request: Request) -> Response {
    cacheableResponse(document, type: "\(syntax.mediaType); charset=utf-8", to: request)
}
