/// JSON-LD with a context of prefixes: one node object for each subject of each graph, in one `@graph`.
struct JSONLDWriter: GraphWriter {
    private var hasBegun = false

    init() {}

    mutating func write(_ graph: Graph) throws -> [UInt8] {
        var text = hasBegun ? "" : Self.head
        var places: [Term: Int] = [:]
        var nodes: [(subject: Term, values: [(predicate: String, objects: [Term])])] = []
        for statement in graph.statements {
            let place = places[statement.subject] ?? nodes.count
            if place == nodes.count {
                places[statement.subject] = place
                nodes.append((statement.subject, []))
            }
            if let known = nodes[place].values.firstIndex(where: { $0.predicate == statement.predicate }) {
                nodes[place].values[known].objects.append(statement.object)
            } else {
                nodes[place].values.append((statement.predicate, [statement.object]))
            }
        }
        for (subject, values) in nodes {
            text += hasBegun ? ",\n" : "\n"
            hasBegun = true
            text += "{\"@id\":\(Self.quoted(Self.name(subject)))"
            for (predicate, objects) in values { text += "," + Self.member(predicate, objects) }
            text += "}"
        }
        return Array(text.utf8)
    }

    mutating func finish() throws -> [UInt8] { Array((hasBegun ? "\n]}\n" : Self.head + "\n]}\n").utf8) }

    private static let head: String = {
        let prefixes = Vocabularies.prefixes.map { "\(quoted($0.prefix)):\(quoted($0.namespace))" }
        return "{\"@context\":{\(prefixes.joined(separator: ","))},\"@graph\":["
    }()

    private static func member(_ predicate: String, _ objects: [Term]) -> String {
        let isType = predicate == RDF.type
        let values = objects.map { object in
            if isType, case .resource(let address) = object { return quoted(compact(address)) }
            return value(object)
        }
        let list = values.count == 1 ? values[0] : "[\(values.joined(separator: ","))]"
        return "\(quoted(isType ? "@type" : compact(predicate))):\(list)"
    }

    private static func value(_ term: Term) -> String {
        switch term {
        case .resource, .blank: return "{\"@id\":\(quoted(name(term)))}"
        case .text(let text, nil): return quoted(text)
        case .text(let text, let language?):
            return "{\"@value\":\(quoted(text)),\"@language\":\(quoted(language))}"
        case .typed(let text, RDF.json): return "{\"@value\":\(text),\"@type\":\"@json\"}"
        case .typed(let text, let datatype):
            return "{\"@value\":\(quoted(text)),\"@type\":\(quoted(compact(datatype)))}"
        }
    }

    private static func name(_ term: Term) -> String {
        switch term {
        case .blank(let name): "_:\(name)"
        case .resource(let text), .text(let text, _), .typed(let text, _): text
        }
    }

    private static func compact(_ address: String) -> String {
        for (prefix, namespace) in Vocabularies.prefixes where address.hasPrefix(namespace) {
            return "\(prefix):\(address.dropFirst(namespace.count))"
        }
        return address
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
