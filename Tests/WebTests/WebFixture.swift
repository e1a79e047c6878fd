import Foundation
import FoundationNetworking
import Hummingbird
import Logging
import Marketplace
import Postgres
import ServiceLifecycle
import TestSupport

@testable import Web

/// A real server on a port of its own, over a market of its own, and a client that speaks HTTP to it.
struct WebFixture: Sendable {
    let base: URL
    let market: Market
    let database: Database
    let fixtures: Fixtures
    let tokens: [Role: String]

    struct Answer {
        let status: Int
        let headers: [String: String]
        let body: Data
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    static func with(
        requestTimeout: Duration = .seconds(30), _ work: @Sendable @escaping (WebFixture) async throws -> Void
    ) async throws {
        try await TestMarket.with { market, database in
            let now = Date()
            let fixtures = try await Fixtures.make(in: market, now: now - 60)
            try await fixtures.listProduct(in: market, now: now - 50)
            var tokens: [Role: String] = [:]
            let parties: [Role: String] = [
                .enterprise: Fixtures.bankCode, .operator: Fixtures.sellerCode,
                .administrator: Fixtures.administrationCode, .analyst: Fixtures.administrationCode,
            ]
            for (role, code) in parties {
                tokens[role] = try await market.accounts.createToken(party: code, role: role, days: 1, now: now).token
            }
            let made = tokens
            try await serve(market, requestTimeout: requestTimeout) { base in
                try await work(
                    WebFixture(base: base, market: market, database: database, fixtures: fixtures, tokens: made))
            }
        }
    }

    /// Serves a market until the work is done.
    static func serve(
        _ market: Market, requestTimeout: Duration = .seconds(30),
        _ work: @Sendable @escaping (URL) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var configuration = Server.Configuration(port: 0)
        configuration.requestTimeout = requestTimeout
        let server = Server(
            market: market, configuration: configuration, metrics: PrometheusMetrics(), logger: logger)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = try server.application { continuation.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                guard let base = URL(string: "http://127.0.0.1:\(port)") else { break }
                do {
                    try await work(base)
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func send(
        _ method: String = "GET", _ path: String, as role: Role? = nil, headers: [String: String] = [:],
        body: Data? = nil
    ) async throws -> Answer {
        var headers = headers
        if let role { headers["Authorization"] = "Bearer \(tokens[role] ?? "")" }
        return try await Self.send(method, base.absoluteString + path, headers: headers, body: body)
    }

    /// The answer itself where a redirect is not to be followed, which URLSession always does.
    func post(_ path: String, headers: [String: String], body: Data) async throws -> Answer {
        // On a thread of its own: the server needs those that tasks share.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try posted(path, headers: headers, body: body) })
            }
        }
    }

    private func posted(_ path: String, headers: [String: String], body: Data) throws -> Answer {
        let (curl, input, output) = (Process(), Pipe(), Pipe())
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        curl.arguments =
            ["-s", "-i", "--data-binary", "@-", base.absoluteString + path]
            + headers.flatMap { ["-H", "\($0.key): \($0.value)"] }
        (curl.standardInput, curl.standardOutput) = (input, output)
        try curl.run()
        try input.fileHandleForWriting.write(contentsOf: body)
        try input.fileHandleForWriting.close()
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        var fields: [String: String] = [:]
        for line in parts[0].split(separator: "\r\n").dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if field.count == 2 { fields[field[0].lowercased()] = field[1] }
        }
        let status = parts[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return Answer(status: status ?? 0, headers: fields, body: Data((parts.count > 1 ? parts[1] : "").utf8))
    }

    static func send(_ method: String, _ url: String, headers: [String: String], body: Data? = nil) async throws
        -> Answer
    {
        guard let url = URL(string: url) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        let http = response as? HTTPURLResponse
        var fields: [String: String] = [:]
        for (name, value) in http?.allHeaderFields ?? [:] { fields["\(name)".lowercased()] = "\(value)" }
        return Answer(status: http?.statusCode ?? 0, headers: fields, body: data)
    }

    func buy(_ body: String, key: String? = "k", as role: Role = .enterprise) async throws -> Answer {
        var headers = ["Content-Type": "application/json"]
        if let key { headers["Idempotency-Key"] = key }
        return try await send("POST", "/v1/purchases", as: role, headers: headers, body: Data(body.utf8))
    }

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpMaximumConnectionsPerHost = 32
        // A language that one test asks for must not become that of another.
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        return URLSession(configuration: configuration)
    }()
}
