/// A JSON value as it was read; numbers keep their spelling.
enum JSONTree: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    subscript(_ name: String) -> JSONTree? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var list: [JSONTree]? { if case .list(let list) = self { list } else { nil } }
    var number: Int? { if case .number(let text) = self { Int(text) } else { nil } }
    var truth: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    var isObject: Bool { if case .object = self { true } else { false } }
    var isNull: Bool { if case .null = self { true } else { false } }

    /// The texts of a list, or the one text.
    var texts: [String] { list?.compactMap(\.text) ?? text.map { [$0] } ?? [] }
}
