import Foundation

extension UUID {
    /// A UUID of version 7: it begins with the time in milliseconds and 4096ths of them, so that rows land in order of time
    /// (RFC 9562, section 6.2, method 3).
    public static func version7(at time: Date) -> UUID {
        let (milliseconds, fraction) = modf(max(0, time.timeIntervalSince1970 * 1000))
        let head = UInt64(milliseconds) << 16 | 0x7000 | UInt64(fraction * 4096)
        // Foundation's own opens a device file for each.
        let tail = UInt64.random(in: .min ... .max)
        var uuid = UUID.zero
        withUnsafeMutableBytes(of: &uuid) { bytes in
            bytes.storeBytes(of: head.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: (tail >> 2 | 1 << 63).bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return UUID(uuid: uuid)
    }

    private static let zero: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    /// The millisecond that a UUID of version 7 was made in; nil for other versions.
    public var timeOfVersion7: Date? {
        let bytes = withUnsafeBytes(of: uuid) { Array($0) }
        guard bytes[6] >> 4 == 7 else { return nil }
        let milliseconds = bytes[0..<6].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}
