import Foundation

extension UUID {
    /// A UUID of version 7: it begins with the time in milliseconds and 4096ths of them, so that rows land in order of time
    /// (RFC 9562, section 6.2, method 3).
    public static func version7(at time: Date) -> UUID {
        let (milliseconds, fraction) = modf(max(0, time.timeIntervalSince1970 * 1000))
        let head = UInt64(milliseconds) << 16 | 0x7000 | UInt64(fraction * 4096)
        // Foundation's own opens a device file for each.
        return UUID(head: head, tail: 1 << 63 | UInt64.random(in: 0..<1 << 62))
    }

    /// A UUID of version 7 of something that is known some time after it was: of what was at the same time, what is known later
    /// comes later, by eighths of a second.
    public static func version7(at time: Date, knownAt known: Date) -> UUID {
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000))
        // Behind the time's 48 bits and the version 28 of the delay, which may be negative by clocks that differ, and 46 random.
        let delay = UInt64(min(max(0, known.timeIntervalSince(time) + 3_600) * 8, Double(1 << 28 - 1)))
        return UUID(
            head: milliseconds << 16 | 0x7000 | delay >> 16,
            tail: 1 << 63 | (delay & 0xFFFF) << 46 | UInt64.random(in: 0..<1 << 46))
    }

    private init(head: UInt64, tail: UInt64) {
        var uuid = UUID.zero
        withUnsafeMutableBytes(of: &uuid) { bytes in
            bytes.storeBytes(of: head.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: tail.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        self.init(uuid: uuid)
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
