import Hummingbird
import Marketplace
import NIOCore

/// What travels with a request: its id, its route and who it speaks for.
struct MarketContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection.
    let channel: any Channel
    var account: Account?
    /// Of a person in the portal; nil for a request with a bearer token.
    var session: OpenSession?

    /// Commands are small; routes that take files set their own limit.
    var maxUploadSize: Int { 64 * 1024 }

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    func requireAccount(_ roles: Role...) throws -> Account { try requireAccount(roles) }

    func requireAccount(_ roles: [Role]) throws -> Account {
        guard let account else { throw AccessError.signInNeeded }
        guard roles.contains(account.role) else { throw AccessError.forbidden(needs: roles) }
        return account
    }
}
