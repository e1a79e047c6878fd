import Foundation

/// What the portal's cookie says: by which token or password it was opened, and from when until when.
public struct Session: Sendable, Hashable {
    public let id: UUID
    /// The id of the token or password.
    let access: UUID
    /// Seconds since 1970.
    let openedAt, endsAt: Int

    /// A working day: after it one signs in again.
    static let length = 12 * 3600

    init(access: UUID, now: Date) {
        id = UUID()
        self.access = access
        openedAt = Int(now.timeIntervalSince1970)
        endsAt = openedAt + Self.length
    }

    var end: Date { Date(timeIntervalSince1970: Double(endsAt)) }
    func isOpen(at now: Date) -> Bool { now < end }
}

/// What sessions are signed with. Their owners can read them, but not make or change one.
struct SessionKey: Sendable {
    let version: Int
    let secret: [UInt8]

    /// `id.access.opened.ends.version.signature`
    func cookie(of session: Session) -> String {
        let said = "\(session.id.text).\(session.access.text).\(session.openedAt).\(session.endsAt).\(version)"
        return "\(said).\(signature("session", said).hexadecimal)"
    }

    /// The session of a cookie; nil when this key did not sign it.
    func session(of cookie: String) -> Session? {
        guard let dot = cookie.lastIndex(of: "."),
            let signed = bytes(hexadecimal: String(cookie[cookie.index(after: dot)...])),
            areEqual(signed, signature("session", String(cookie[..<dot])))
        else { return nil }
        return Session(cookie)
    }

    /// Stands in every form that the portal gives the session's owner: the page of another site does not know it.
    func formToken(of session: Session) -> String { signature("form", session.id.text).hexadecimal }

    /// Of a link to a file, which its holder reads for a short time.
    func linkSignature(_ link: String) -> [UInt8] { signature("link", link) }

    /// The purpose is signed with it, so that a signature for one is none for the other.
    private func signature(_ purpose: String, _ text: String) -> [UInt8] {
        SHA256.code(of: Array("\(purpose) \(text)".utf8), key: secret)
    }

    /// The version of the key that a cookie says it is signed with.
    static func version(of cookie: String) -> Int? {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 6 ? Int(parts[4]) : nil
    }
}

extension Session {
    fileprivate init?(_ cookie: String) {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, let id = UUID(uuidString: parts[0]), let access = UUID(uuidString: parts[1]),
            let openedAt = Int(parts[2]), let endsAt = Int(parts[3])
        else { return nil }
        (self.id, self.access, self.openedAt, self.endsAt) = (id, access, openedAt, endsAt)
    }
}

extension UUID {
    fileprivate var text: String { uuidString.lowercased() }
}
