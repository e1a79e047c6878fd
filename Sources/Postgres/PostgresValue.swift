import CPostgres
import Foundation

/// One column of one row as libpq holds it.
public struct Cell {
    let bytes: UnsafeRawBufferPointer
    let oid: UInt32
    let isBinary: Bool

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func integer<T: FixedWidthInteger>(_ type: T.Type) -> T {
        var value = T.zero
        withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: bytes) }
        return T(bigEndian: value)
    }
}

/// A type that can be read from a column; nil when the column's type or text does not fit.
public protocol PostgresValue {
    static func read(_ cell: Cell) -> Self?
    /// For NULL; only optionals have such a value.
    static var null: Self? { get }
}

extension PostgresValue {
    public static var null: Self? { nil }
}

extension Bool: PostgresValue {
    public static func read(_ cell: Cell) -> Bool? {
        guard cell.oid == OID.bool, let first = cell.bytes.first else { return nil }
        return cell.isBinary ? first != 0 : first == UInt8(ascii: "t")
    }
}

extension PostgresValue where Self: FixedWidthInteger {
    public static func read(_ cell: Cell) -> Self? {
        guard [OID.int2, OID.int4, OID.int8].contains(cell.oid) else { return nil }
        guard cell.isBinary else { return Self(cell.text) }
        switch cell.bytes.count {
        case 2: return Self(exactly: cell.integer(Int16.self))
        case 4: return Self(exactly: cell.integer(Int32.self))
        case 8: return Self(exactly: cell.integer(Int64.self))
        default: return nil
        }
    }
}
extension Int: PostgresValue {}
extension Int32: PostgresValue {}
extension Int64: PostgresValue {}

extension Double: PostgresValue {
    public static func read(_ cell: Cell) -> Double? {
        guard cell.isBinary else { return Double(cell.text) }
        switch cell.oid {
        case OID.float8: return Double(bitPattern: cell.integer(UInt64.self))
        case OID.float4: return Double(Float(bitPattern: cell.integer(UInt32.self)))
        default: return nil
        }
    }
}

extension String: PostgresValue {
    /// Also the text form of every type that comes as text, such as enum, numeric and date.
    public static func read(_ cell: Cell) -> String? {
        guard cell.isBinary else { return cell.text }
        switch cell.oid {
        case OID.text, OID.varchar, OID.bpchar, OID.name, OID.json, OID.unknown: return cell.text
        case OID.jsonb: return String(decoding: cell.bytes.dropFirst(), as: UTF8.self)
        case OID.uuid: return UUID.read(cell)?.lowercased
        default: return nil
        }
    }
}

extension UUID: PostgresValue {
    public static func read(_ cell: Cell) -> UUID? {
        guard cell.oid == OID.uuid else { return nil }
        guard cell.isBinary else { return UUID(uuidString: cell.text) }
        guard cell.bytes.count == 16 else { return nil }
        return UUID(uuid: cell.bytes.loadUnaligned(as: uuid_t.self))
    }
}

extension Date: PostgresValue {
    public static func read(_ cell: Cell) -> Date? {
        guard cell.oid == OID.timestamptz || cell.oid == OID.timestamp else { return nil }
        return cell.isBinary ? TimestampText.date(cell.integer(Int64.self)) : TimestampText.read(cell.text)
    }
}

/// Elements whose arrays can be read.
public protocol PostgresArrayValue: PostgresValue {
    static func readArray(_ cell: Cell) -> [Self]?
}

extension Array: PostgresValue where Element: PostgresArrayValue {
    public static func read(_ cell: Cell) -> [Element]? { Element.readArray(cell) }
}

extension UInt8: PostgresArrayValue {
    public static func read(_ cell: Cell) -> UInt8? { nil }
    /// Bytes of a bytea.
    public static func readArray(_ cell: Cell) -> [UInt8]? {
        guard cell.oid == OID.bytea else { return nil }
        if cell.isBinary { return Array(cell.bytes) }
        let digits = cell.bytes.dropFirst(2).map { ($0 & 15) + ($0 > 64 ? 9 : 0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension String: PostgresArrayValue {
    public static func readArray(_ cell: Cell) -> [String]? {
        guard cell.isBinary else { return ArrayText.parse(cell.bytes).map { $0.compactMap { $0 } } }
        return binaryElements(cell)?.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension UUID: PostgresArrayValue {
    public static func readArray(_ cell: Cell) -> [UUID]? {
        guard cell.isBinary else {
            return ArrayText.parse(cell.bytes)?.compactMap { $0.flatMap(UUID.init(uuidString:)) }
        }
        return binaryElements(cell)?.map { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

extension Int64: PostgresArrayValue {
    public static func readArray(_ cell: Cell) -> [Int64]? {
        guard cell.isBinary else { return ArrayText.parse(cell.bytes)?.compactMap { $0.flatMap { Int64($0) } } }
        return binaryElements(cell)?.map { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
    }
}

/// The elements of a one-dimensional array without NULL, as the wire holds them.
private func binaryElements(_ cell: Cell) -> [UnsafeRawBufferPointer]? {
    guard cell.bytes.count >= 12 else { return nil }
    let dimensions = Int32(bigEndian: cell.bytes.loadUnaligned(as: Int32.self))
    guard dimensions == 1, cell.bytes.count >= 20 else { return dimensions == 0 ? [] : nil }
    let count = Int(Int32(bigEndian: cell.bytes.loadUnaligned(fromByteOffset: 12, as: Int32.self)))
    var place = 20
    var elements: [UnsafeRawBufferPointer] = []
    for _ in 0..<count {
        guard place + 4 <= cell.bytes.count else { return nil }
        let length = Int(Int32(bigEndian: cell.bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
        place += 4
        guard length >= 0, place + length <= cell.bytes.count else { return nil }
        elements.append(UnsafeRawBufferPointer(rebasing: cell.bytes[place..<place + length]))
        place += length
    }
    return elements
}

extension Optional: PostgresValue where Wrapped: PostgresValue {
    public static func read(_ cell: Cell) -> Wrapped?? { Wrapped.read(cell).map { .some($0) } }
    public static var null: Wrapped?? { .some(nil) }
}
