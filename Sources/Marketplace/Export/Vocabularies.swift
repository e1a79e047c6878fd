/// The vocabularies that exports are written in, by their usual prefixes.
enum Vocabularies {
    static let prefixes: [(prefix: String, namespace: String)] = [
        ("rdf", RDF.namespace), ("rdfs", RDFS.namespace), ("xsd", XSD.namespace), ("dct", DCT.namespace),
        ("dcat", DCAT.namespace), ("foaf", FOAF.namespace), ("vcard", VCard.namespace), ("prov", PROV.namespace),
        ("odrl", ODRL.namespace), ("skos", SKOS.namespace), ("spdx", SPDX.namespace),
        ("org", ORG.namespace), ("owl", OWL.namespace), ("dmt", DMT.namespace),
    ]
}

enum RDF {
    static let namespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    static let type = namespace + "type"
    static let json = namespace + "JSON"
}

enum RDFS {
    static let namespace = "http://www.w3.org/2000/01/rdf-schema#"
    static let label = namespace + "label"
    static let resource = namespace + "Resource"
}

enum XSD {
    static let namespace = "http://www.w3.org/2001/XMLSchema#"
    static let date = namespace + "date"
    static let dateTime = namespace + "dateTime"
    static let gYear = namespace + "gYear"
    static let gYearMonth = namespace + "gYearMonth"
    static let boolean = namespace + "boolean"
    static let integer = namespace + "integer"
    static let nonNegativeInteger = namespace + "nonNegativeInteger"
    static let decimal = namespace + "decimal"
    static let duration = namespace + "duration"
    static let hexBinary = namespace + "hexBinary"
}

enum DCT { static let namespace = "http://purl.org/dc/terms/" }
enum DCAT { static let namespace = "http://www.w3.org/ns/dcat#" }
enum FOAF { static let namespace = "http://xmlns.com/foaf/0.1/" }
enum VCard { static let namespace = "http://www.w3.org/2006/vcard/ns#" }
enum PROV { static let namespace = "http://www.w3.org/ns/prov#" }
enum ODRL { static let namespace = "http://www.w3.org/ns/odrl/2/" }
enum SKOS { static let namespace = "http://www.w3.org/2004/02/skos/core#" }
enum ORG { static let namespace = "http://www.w3.org/ns/org#" }
enum OWL { static let namespace = "http://www.w3.org/2002/07/owl#" }
enum SPDX { static let namespace = "http://spdx.org/rdf/terms#" }

/// The market's own terms, for what the standard vocabularies have no place for.
enum DMT {
    static let namespace = "urn:datamarket:terms#"
    /// On a resource: the name of a field that its source does not state and that the export filled in.
    static let absent = namespace + "absent"
    /// Themes that their source names by a text only; the text follows, escaped.
    static let themes = "urn:datamarket:theme:"
    static let position = namespace + "position"
    static let basis = namespace + "basis"
    /// The class of what is sold, apart from what the directory holds.
    static let product = namespace + "Product"
}
