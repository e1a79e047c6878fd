import Foundation
import Hummingbird
import Marketplace

/// A chain as JSON, or as PROV-O in JSON-LD when the client asks for `application/ld+json`.
func chainResponse(_ chain: JSONDocument, to request: Request) throws -> Response {
    let asked = request.headers[.accept]?.lowercased() ?? ""
    guard asked.contains("application/ld+json") else { return jsonResponse(chain, headers: [.vary: "Accept"]) }
    let provenance = JSONDocument(text: try Provenance(JSONNode(chain)).text())
    var response = jsonResponse(provenance, headers: [.vary: "Accept"])
    response.headers[.contentType] = "application/ld+json"
    return response
}

/// A chain as PROV-O: entities with their qualified attributions, agents with those in whose place they act now, and for
/// a purchase the activity that used the revision.
struct Provenance {
    private let chain: JSONNode

    init(_ chain: JSONNode) { self.chain = chain }

    func text() throws -> String {
        let links = chain["links"].list
        let entities = Dictionary(grouping: links, by: subject).filter { !$0.key.isEmpty }
        var graph = entities.sorted { $0.key < $1.key }.map { entity($0.key, links: $0.value) }
        graph += agents(of: links)
        if !chain["purchase"].isNull { graph.append(purchase) }
        if !chain["usage"].isNull { graph.append(usage) }
        let document: [String: Any] = ["@context": Self.context, "@graph": graph]
        let data = try JSONSerialization.data(
            withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private static let context: [String: String] = [
        "prov": "http://www.w3.org/ns/prov#", "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "spdx": "http://spdx.org/rdf/terms#",
        "org": "http://www.w3.org/ns/org#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    ]

    private func subject(of link: JSONNode) -> String {
        let about = link["subject"]
        if !about["directory_entry"].isNull {
            return identifier("entry", about["directory_entry"].string, version: about["version"])
        }
        return about["product"].isNull ? "" : identifier("product", about["product"].string, version: chain["revision"])
    }

    private func identifier(_ kind: String, _ code: String, version: JSONNode) -> String {
        "urn:datamarket:\(kind):\(code.escapedForURL)" + (version.isNull ? "" : ":\(version.string)")
    }

    private func agent(_ party: JSONNode) -> String { "urn:datamarket:party:\(party["code"].string.escapedForURL)" }

    private func entity(_ id: String, links: [JSONNode]) -> [String: Any] {
        let answered = links.filter { !$0["party"].isNull }
        var entity: [String: Any] = [
            "@id": id, "@type": ["prov:Entity", "dcat:Dataset"],
            "prov:wasAttributedTo": Set(answered.map { agent($0["party"]) }).sorted().map { ["@id": $0] },
            "prov:qualifiedAttribution": answered.map(attribution),
        ]
        if let title = links.first?["subject"]["title"], !title.isNull { entity["dct:title"] = title.string }
        if id.hasPrefix("urn:datamarket:product:") {
            let sources = Set(chain["links"].list.map(subject).filter { $0.hasPrefix("urn:datamarket:entry:") })
            entity["prov:wasDerivedFrom"] = sources.sorted().map { ["@id": $0] }
        }
        return entity
    }

    private func attribution(_ link: JSONNode) -> [String: Any] {
        var period: [String: Any] = ["@type": "dct:PeriodOfTime"]
        if !link["since"].isNull { period["dcat:startDate"] = time(link["since"]) }
        if !link["until"].isNull { period["dcat:endDate"] = time(link["until"]) }
        return [
            "@type": "prov:Attribution", "prov:agent": ["@id": agent(link["party"])],
            "dcat:hadRole": ["@id": "urn:datamarket:role:\(link["role"].string)"],
            "dct:subject": link["link"].string, "dct:temporal": period, "dct:source": basis(link),
        ]
    }

    private func basis(_ node: JSONNode) -> [String: Any] {
        [
            "dct:title": node["basis"].string,
            "spdx:checksum": [
                "@type": "spdx:Checksum", "spdx:algorithm": ["@id": "spdx:checksumAlgorithm_sha256"],
                "spdx:checksumValue": ["@value": node["basis_sha256"].string, "@type": "xsd:hexBinary"],
            ] as [String: Any],
        ]
    }

    private func time(_ node: JSONNode) -> [String: Any] { ["@value": node.string, "@type": "xsd:dateTime"] }

    /// The parties then, and as organisations that resulted from a change of theirs the parties now.
    private func agents(of links: [JSONNode]) -> [[String: Any]] {
        var agents: [String: [String: Any]] = [:]
        for link in links where !link["party"].isNull {
            agents[agent(link["party"])] = described(link["party"])
        }
        for link in links where !link["successor"].isNull {
            let (before, heir) = (agent(link["party"]), link["successor"])
            let after = agent(heir["party"])
            if agents[after] == nil { agents[after] = described(heir["party"]) }
            let event = "\(before):change:\(heir["party"]["code"].string.escapedForURL)"
            agents[event] = [
                "@id": event, "@type": ["prov:Activity", "org:ChangeEvent"], "dct:type": heir["kind"].string,
                "org:originalOrganization": ["@id": before], "org:resultingOrganization": ["@id": after],
                "prov:startedAtTime": time(heir["since"]), "dct:source": basis(heir),
            ]
        }
        return agents.sorted { $0.key < $1.key }.map(\.value)
    }

    private func described(_ party: JSONNode) -> [String: Any] {
        [
            "@id": agent(party), "@type": ["prov:Agent", "prov:Organization", "foaf:Organization"],
            "foaf:name": party["name"].string, "dct:identifier": party["code"].string,
        ]
    }

    private var purchaseID: String { "urn:uuid:\(chain["purchase"].string)" }

    private var purchase: [String: Any] {
        var activity: [String: Any] = [
            "@id": purchaseID, "@type": "prov:Activity",
            "prov:used": ["@id": identifier("product", chain["product"].string, version: chain["revision"])],
            "prov:startedAtTime": time(chain["accepted_at"]),
        ]
        if let use = chain["links"].list.first(where: { $0["link"].string == "use" && !$0["party"].isNull }) {
            activity["prov:wasAssociatedWith"] = ["@id": agent(use["party"])]
            activity["dct:description"] = use["subject"]["purpose"].string
        }
        return activity
    }

    private var usage: [String: Any] {
        [
            "@id": "urn:uuid:\(chain["usage"]["id"].string)", "@type": "prov:Activity",
            "prov:used": ["@id": identifier("product", chain["product"].string, version: chain["revision"])],
            "prov:wasInformedBy": ["@id": purchaseID], "prov:startedAtTime": time(chain["usage"]["occurred_at"]),
        ]
    }
}
