import Foundation

/// A value in the form in which it is sent; the statement's own parameter type decides between text and binary.
public enum ParameterValue: Sendable, Hashable {
    case null
    /// Sent as text of unknown type: the server infers uuid, jsonb, enum, date and so on.
    case text(String)
    /// Sent in binary when the statement's parameter has this type, and refused otherwise.
    case binary(UInt32, [UInt8])
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case uuid(UUID)
    case timestamp(Date)
    /// For bytea, and as UTF-8 for text, json and jsonb.
    case bytes([UInt8])
    /// Arrays that come by the thousand: in binary where the statement's parameter is such an array.
    case uuids([UUID])
    case timestamps([Date])
    case byteStrings([[UInt8]])
}

/// A type whose values can be parameters of a statement.
public protocol PostgresParameter: Sendable {
    var postgres: ParameterValue { get }
}

extension Bool: PostgresParameter { public var postgres: ParameterValue { .bool(self) } }
extension Int: PostgresParameter { public var postgres: ParameterValue { .integer(Int64(self)) } }
extension Int32: PostgresParameter { public var postgres: ParameterValue { .integer(Int64(self)) } }
extension Int64: PostgresParameter { public var postgres: ParameterValue { .integer(self) } }
extension Double: PostgresParameter { public var postgres: ParameterValue { .double(self) } }
extension String: PostgresParameter { public var postgres: ParameterValue { .text(self) } }
extension UUID: PostgresParameter { public var postgres: ParameterValue { .uuid(self) } }
extension Date: PostgresParameter { public var postgres: ParameterValue { .timestamp(self) } }

extension Optional: PostgresParameter where Wrapped: PostgresParameter {
    public var postgres: ParameterValue { map { $0.postgres } ?? .null }
}

/// A type whose arrays can be parameters; bytes make a bytea, everything else a PostgreSQL array.
public protocol PostgresArrayParameter: Sendable {
    static func postgresArray(_ elements: [Self]) -> ParameterValue
}

extension Array: PostgresParameter where Element: PostgresArrayParameter {
    public var postgres: ParameterValue { Element.postgresArray(self) }
}

extension UInt8: PostgresArrayParameter {
    public static func postgresArray(_ elements: [UInt8]) -> ParameterValue { .bytes(elements) }
}
extension String: PostgresArrayParameter {
    public static func postgresArray(_ elements: [String]) -> ParameterValue { .text(ArrayText.literal(elements)) }
}
extension UUID: PostgresArrayParameter {
    public static func postgresArray(_ elements: [UUID]) -> ParameterValue { .uuids(elements) }
}
extension Array: PostgresArrayParameter where Element == UInt8 {
    public static func postgresArray(_ elements: [[UInt8]]) -> ParameterValue { .byteStrings(elements) }
}
extension Int64: PostgresArrayParameter {
    public static func postgresArray(_ elements: [Int64]) -> ParameterValue { ArrayText.plain(elements) }
}
extension Int: PostgresArrayParameter {
    public static func postgresArray(_ elements: [Int]) -> ParameterValue { ArrayText.plain(elements) }
}
extension Int32: PostgresArrayParameter {
    public static func postgresArray(_ elements: [Int32]) -> ParameterValue { ArrayText.plain(elements) }
}
extension Double: PostgresArrayParameter {
    public static func postgresArray(_ elements: [Double]) -> ParameterValue { ArrayText.plain(elements) }
}
extension Bool: PostgresArrayParameter {
    public static func postgresArray(_ elements: [Bool]) -> ParameterValue { ArrayText.plain(elements) }
}
extension Date: PostgresArrayParameter {
    public static func postgresArray(_ elements: [Date]) -> ParameterValue { .timestamps(elements) }
}
/// A type whose values may be missing from an array.
public protocol PostgresArrayText: PostgresArrayParameter {
    /// The value as the server reads it.
    var postgresText: String { get }
}

extension String: PostgresArrayText { public var postgresText: String { self } }
extension Int: PostgresArrayText { public var postgresText: String { description } }
extension Date: PostgresArrayText {
    public var postgresText: String { TimestampText.write(TimestampText.microseconds(self), zone: true) }
}

extension Optional: PostgresArrayParameter where Wrapped: PostgresArrayText {
    public static func postgresArray(_ elements: [Wrapped?]) -> ParameterValue {
        .text(ArrayText.literal(elements.map { $0?.postgresText }))
    }
}

extension UUID {
    var lowercased: String { uuidString.lowercased() }
}
