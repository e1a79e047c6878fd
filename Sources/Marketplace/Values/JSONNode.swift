import CYajl
import Foundation

/// A view over a document of the market: what is absent reads as empty. Texts and numbers are made when they are asked for.
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

    public subscript(_ name: String) -> JSONNode {
        guard let value, value.pointee.type == yajl_t_object else { return .absent }
        let object = value.pointee.u.object
        return name.withCString { name in
            for place in 0..<object.len where strcmp(object.keys[place]!, name) == 0 {
                return JSONNode(tree, object.values[place])
            }
            return .absent
        }
    }

    public var list: [JSONNode] {
        guard let value, value.pointee.type == yajl_t_array else { return [] }
        let array = value.pointee.u.array
        return (0..<array.len).map { JSONNode(tree, array.values[$0]) }
    }

    /// Of an object; nil for everything else.
    public var members: [(name: String, value: JSONNode)]? {
        guard let value, value.pointee.type == yajl_t_object else { return nil }
        let object = value.pointee.u.object
        return (0..<object.len).map { (String(cString: object.keys[$0]!), JSONNode(tree, object.values[$0])) }
    }

    public var isNull: Bool { value == nil || value?.pointee.type == yajl_t_null }
    /// Nil where nothing is said.
    public var truth: Bool? {
        switch value?.pointee.type {
        case yajl_t_true: true
        case yajl_t_false: false
        default: nil
        }
    }
    public var isTrue: Bool { truth ?? false }
    public var number: Double? { spelling.flatMap(Double.init) }
    public var integer: Int { spelling.flatMap { Int($0) ?? Double($0).map(Int.init) } ?? 0 }
    /// A text, or a number without the zeros that its type in PostgreSQL puts behind it.
    public var string: String {
        if let value, value.pointee.type == yajl_t_string { return String(cString: value.pointee.u.string) }
        return spelling?.withoutTrailingZeros ?? truth.map { String($0) } ?? ""
    }
    /// The node as a document of its own.
    public var json: String { value.flatMap { try? JSONTree($0).json } ?? "null" }

    private var spelling: String? {
        guard let value, value.pointee.type == yajl_t_number else { return nil }
        return String(cString: value.pointee.u.number.r)
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
