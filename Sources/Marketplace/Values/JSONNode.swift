import CYajl
import Foundation

/// A view over a document of the market: what is absent reads as empty. Texts and numbers are made when they are asked for.
/// Of a member that is named twice the first counts, and a text ends at a NUL, which PostgreSQL's jsonb refuses.
/// Sendable, because nothing changes what yajl read until it is freed with its last node.
public struct JSONNode: @unchecked Sendable {
    /// Keeps what yajl read as long as a node of it is in use.
    private final class Tree {
        let root: yajl_val

        init(_ text: String) throws {
            var message = [CChar](repeating: 0, count: 256)
            guard let root = yajl_tree_parse(text, &message, message.count) else { throw NotCanonical(yajl: message) }
            self.root = root
        }

        deinit { yajl_tree_free(root) }
    }

    private let tree: Tree?
    private let value: yajl_val?

    private init(_ tree: Tree?, _ value: yajl_val?) {
        self.tree = tree
        self.value = value
    }

    public static var absent: JSONNode { JSONNode(nil, nil) }

    /// - Throws: `NotCanonical` when the document is no JSON.
    public init(_ document: JSONDocument) throws {
        let tree = try Tree(document.text)
        self.init(tree, tree.root)
    }

    /// What yajl read here, while the tree is held.
    private func read<Result>(_ body: (yajl_val_s) -> Result) -> Result? {
        withExtendedLifetime(tree) { value.map { body($0.pointee) } }
    }

    public subscript(_ name: String) -> JSONNode {
        let found = read { content -> yajl_val? in
            guard content.type == yajl_t_object else { return nil }
            let object = content.u.object
            return name.withCString { name in
                (0..<object.len).first { strcmp(object.keys[$0]!, name) == 0 }.flatMap { object.values[$0] }
            }
        }
        return found.flatMap { $0 }.map { JSONNode(tree, $0) } ?? .absent
    }

    public var list: [JSONNode] {
        read { content in
            guard content.type == yajl_t_array else { return [] }
            return (0..<content.u.array.len).map { JSONNode(tree, content.u.array.values[$0]) }
        } ?? []
    }

    /// Of an object; nil for everything else.
    public var members: [(name: String, value: JSONNode)]? {
        read { content -> [(name: String, value: JSONNode)]? in
            guard content.type == yajl_t_object else { return nil }
            let object = content.u.object
            return (0..<object.len).map { (String(cString: object.keys[$0]!), JSONNode(tree, object.values[$0])) }
        } ?? nil
    }

    public var isNull: Bool { read { $0.type == yajl_t_null } ?? true }
    /// Nil where nothing is said.
    public var truth: Bool? {
        switch read(\.type) {
        case yajl_t_true: true
        case yajl_t_false: false
        default: nil
        }
    }
    public var isTrue: Bool { truth ?? false }
    public var number: Double? { spelling.flatMap(Double.init) }
    /// A whole number, without its fraction; 0 for what is none, or larger than 64 bits hold.
    public var integer: Int {
        spelling.flatMap { Int($0) ?? Double($0).flatMap { Int(exactly: $0.rounded(.towardZero)) } } ?? 0
    }
    /// A text, or a number without the zeros that its type in PostgreSQL puts behind it.
    public var string: String {
        let text = read { $0.type == yajl_t_string ? String(cString: $0.u.string) : nil } ?? nil
        return text ?? spelling?.withoutTrailingZeros ?? truth.map { String($0) } ?? ""
    }
    /// The node as a document of its own.
    public var json: String { copy.json }

    private var copy: JSONTree {
        if let members {
            return .object(Dictionary(members.map { ($0.name, $0.value.copy) }) { first, _ in first })
        }
        if let spelling { return .number(spelling) }
        if let truth { return .bool(truth) }
        switch read(\.type) {
        case yajl_t_array: return .list(list.map(\.copy))
        case yajl_t_string: return .text(string)
        default: return .null
        }
    }

    private var spelling: String? {
        read { $0.type == yajl_t_number ? String(cString: $0.u.number.r) : nil } ?? nil
    }
}

extension String {
    /// `0.25` of `0.250`, and `3` of `3.0`.
    public var withoutTrailingZeros: String {
        guard utf8.contains(UInt8(ascii: ".")), !utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
            return self
        }
        var kept = utf8[...]
        while kept.last == UInt8(ascii: "0") { kept.removeLast() }
        if kept.last == UInt8(ascii: ".") { kept.removeLast() }
        return String(Substring(kept))
    }
}
