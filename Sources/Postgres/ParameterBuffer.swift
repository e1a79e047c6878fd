import Foundation

/// The object ids of the built-in types that are sent or read in binary.
enum OID {
    static let bool: UInt32 = 16, bytea: UInt32 = 17, name: UInt32 = 19, int8: UInt32 = 20, int2: UInt32 = 21
    static let int4: UInt32 = 23, text: UInt32 = 25, json: UInt32 = 114, float4: UInt32 = 700
    static let float8: UInt32 = 701, bpchar: UInt32 = 1042, varchar: UInt32 = 1043, date: UInt32 = 1082
    static let timestamp: UInt32 = 1114, timestamptz: UInt32 = 1184, uuid: UInt32 = 2950, jsonb: UInt32 = 3802
    static let textArray: UInt32 = 1009, uuidArray: UInt32 = 2951, int8Array: UInt32 = 1016
    static let byteaArray: UInt32 = 1001, timestamptzArray: UInt32 = 1185
    static let void: UInt32 = 2278, xml: UInt32 = 142, unknown: UInt32 = 705

    static func isBinary(_ oid: UInt32) -> Bool {
        switch oid {
        case bool, bytea, name, int8, int2, int4, text, json, float4, float8, bpchar, varchar, date, timestamp,
            timestamptz, uuid, jsonb, textArray, uuidArray, int8Array:
            true
        default: false
        }
    }
}

/// The parameters of one statement as libpq wants them, written one after the other into one buffer.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    /// Negative for NULL.
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    mutating func fill(_ values: [ParameterValue], types: [UInt32], of statement: Statement) throws(PostgresError) {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        guard values.count == types.count else {
            let detail = "the statement has \(types.count) parameters, \(values.count) were given"
            throw PostgresError(.decoding, detail, statement: statement.name)
        }
        for (value, type) in zip(values, types) {
            do { try append(value, type) } catch { throw error.naming(statement.name) }
        }
    }

    func withPointers<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { raw in
            let start = raw.bindMemory(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset < 0 ? nil : start.map { $0 + offset } }
            return pointers.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        guard let values = values.baseAddress, let lengths = lengths.baseAddress,
                            let formats = formats.baseAddress
                        else {
                            var nothing: UnsafePointer<CChar>?
                            var zero: Int32 = 0
                            return body(0, &nothing, &zero, &zero)
                        }
                        return body(Int32(offsets.count), values, lengths, formats)
                    }
                }
            }
        }
    }

    private mutating func append(_ value: ParameterValue, _ type: UInt32) throws(PostgresError) {
        switch (value, type) {
        case (.null, _):
            offsets.append(-1)
            lengths.append(0)
            formats.append(0)
        case (.text(let text), _): try append(text: text)
        case (.binary(let oid, let data), _):
            guard oid == type else {
                throw PostgresError(.decoding, "a binary parameter of type \(oid) given for type \(type)")
            }
            append(binary: data)
        case (.bool(let flag), OID.bool): append(binary: CollectionOfOne(flag ? 1 : 0))
        case (.bool(let flag), _): try append(text: flag ? "true" : "false")
        case (.integer(let number), OID.int8): append(integer: number)
        case (.integer(let number), OID.int4) where Int32(exactly: number) != nil:
            append(integer: Int32(truncatingIfNeeded: number))
        case (.integer(let number), OID.int2) where Int16(exactly: number) != nil:
            append(integer: Int16(truncatingIfNeeded: number))
        // What does not fit goes as text too: the server's own "out of range" is the best answer.
        case (.integer(let number), _): try append(text: String(number))
        case (.double(let number), OID.float8): append(integer: number.bitPattern)
        case (.double(let number), _): try append(text: number.description)
        case (.uuid(let id), OID.uuid): withUnsafeBytes(of: id.uuid) { append(binary: $0) }
        case (.uuid(let id), _): try append(text: id.lowercased)
        case (.timestamp(let date), OID.timestamptz), (.timestamp(let date), OID.timestamp):
            append(integer: TimestampText.microseconds(date))
        case (.timestamp(let date), _):
            try append(text: TimestampText.write(TimestampText.microseconds(date), zone: true))
        case (.bytes(let data), OID.bytea), (.bytes(let data), OID.text), (.bytes(let data), OID.json),
            (.bytes(let data), OID.varchar):
            append(binary: data)
        case (.bytes(let data), OID.jsonb): append(binary: [1] + data)
        case (.bytes(let data), _):
            try append(text: Self.hexadecimal(data))
        case (.uuids(let ids), OID.uuidArray):
            append(array: ids, of: OID.uuid, length: 16) { id, bytes in
                withUnsafeBytes(of: id.uuid) { bytes.append(contentsOf: $0) }
            }
        case (.uuids(let ids), _): try append(text: ArrayText.literal(ids.map(\.lowercased)))
        case (.timestamps(let dates), OID.timestamptzArray):
            append(array: dates, of: OID.timestamptz, length: 8) { date, bytes in
                withUnsafeBytes(of: TimestampText.microseconds(date).bigEndian) { bytes.append(contentsOf: $0) }
            }
        case (.timestamps(let dates), _):
            try append(text: ArrayText.literal(dates.map(\.postgresText)))
        case (.byteStrings(let strings), OID.byteaArray):
            append(array: strings, of: OID.bytea) { string, bytes in bytes.append(contentsOf: string) }
        case (.byteStrings(let strings), _): try append(text: ArrayText.literal(strings.map(Self.hexadecimal)))
        }
    }

    private static func hexadecimal(_ data: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = data.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\\x" + String(decoding: hex, as: UTF8.self)
    }

    /// A one-dimensional array without NULL, as the wire holds it. - Parameter length: of every element, if it is one.
    private mutating func append<Element>(
        array: [Element], of type: UInt32, length: Int? = nil, write: (Element, inout [UInt8]) -> Void
    ) {
        let offset = bytes.count
        for header in array.isEmpty ? [0, 0, type] : [1, 0, type, UInt32(array.count), 1] { put(header) }
        for element in array {
            let start = bytes.count
            put(UInt32(length ?? 0))
            write(element, &bytes)
            guard length == nil else { continue }
            withUnsafeBytes(of: UInt32(bytes.count - start - 4).bigEndian) {
                bytes.replaceSubrange(start..<start + 4, with: $0)
            }
        }
        note(offset, format: 1)
    }

    private mutating func put(_ number: UInt32) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(text: String) throws(PostgresError) {
        let offset = bytes.count
        var text = text
        let isWhole = text.withUTF8 { utf8 in
            bytes.append(contentsOf: utf8)
            return !utf8.contains(0)
        }
        // libpq takes text up to the first NUL: storing half a text in silence would be the worst answer.
        guard isWhole else { throw PostgresError(.invalidText, "a text parameter holds a NUL character") }
        note(offset, format: 0)
    }

    private mutating func append(integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.bigEndian) { append(binary: $0) }
    }

    private mutating func append(binary data: some Collection<UInt8>) {
        let offset = bytes.count
        bytes.append(contentsOf: data)
        note(offset, format: 1)
    }

    private mutating func note(_ offset: Int, format: Int32) {
        offsets.append(offset)
        lengths.append(Int32(clamping: bytes.count - offset))
        formats.append(format)
        // Ends a text, and gives an empty value an address, for libpq takes a null pointer for NULL.
        bytes.append(0)
    }
}
