import CCurl
import Foundation

/// Addresses that are reached only from inside: loopback, private, link-local, shared, multicast and unspecified ones.
enum InternalAddress {
    /// Makes a transfer of libcurl reach none of them, whatever its address is written like and its name stands for.
    static func refuse(on handle: UnsafeMutableRawPointer) {
        // A proxy would be asked to reach what this machine must not.
        curl_set_text(handle, CURLOPT_NOPROXY, "*")
        // Asked with the address that is connected to, at each redirection anew.
        curl_set_socket_opener(handle) { _, _, address in
            guard let address, !InternalAddress.holds(address) else { return CURL_SOCKET_BAD }
            return socket(address.pointee.family, address.pointee.socktype, address.pointee.protocol)
        }
    }

    /// Whether a host is an internal address in one of the spellings of numbers (127.1, 0x7f000001, 017700000001, [::1]).
    static func isSpelt(by host: String) -> Bool {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        guard getaddrinfo(bare, nil, &hints, &found) == 0, let address = found?.pointee.ai_addr else { return false }
        defer { freeaddrinfo(found) }
        return holds(family: Int32(address.pointee.sa_family), UnsafeRawPointer(address))
    }

    static func holds(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        let start = UnsafeRawPointer(address) + MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
        return holds(family: address.pointee.family, start)
    }

    private static func holds(family: Int32, _ start: UnsafeRawPointer) -> Bool {
        switch family {
        case AF_INET:
            return holds(withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) })
        case AF_INET6:
            return holds(withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) })
        default: return true
        }
    }

    static func holds(_ bytes: [UInt8]) -> Bool {
        if bytes.count == 4 {
            return switch (bytes[0], bytes[1]) {
            case (0, _), (10, _), (127, _), (169, 254), (192, 168), (224..., _): true
            case (172, 16...31), (100, 64...127), (198, 18...19): true
            default: (bytes[0], bytes[1], bytes[2]) == (192, 0, 0)
            }
        }
        // IPv4 in another dress: mapped, translated (64:ff9b::) or 6to4.
        if bytes.prefix(10).allSatisfy({ $0 == 0 }) {
            return bytes[10...11] != [0xFF, 0xFF] || holds(Array(bytes[12...]))
        }
        if bytes.prefix(4) == [0, 0x64, 0xFF, 0x9B] { return holds(Array(bytes[12...])) }
        if bytes.prefix(2) == [0x20, 0x02] { return holds(Array(bytes[2..<6])) }
        return bytes[0] & 0xE0 != 0x20
    }
}
