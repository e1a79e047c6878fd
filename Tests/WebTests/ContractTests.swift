import Foundation
import Logging
import Marketplace
import Postgres
import TestSupport
import Testing
import Yams

@testable import Web

@Suite struct ContractTests {
    private func contract() throws -> [String: [String: Any]] {
        let document = try JSONSerialization.jsonObject(with: Contract.json()) as? [String: Any]
        return document?["paths"] as? [String: [String: Any]] ?? [:]
    }

    private func routes() throws -> Set<String> {
        let database = Database(PostgresConfiguration(url: "postgresql:///none"), logger: Logger(label: "test"))
        let server = Server(
            market: try Market(database: database), configuration: .init(), metrics: PrometheusMetrics(),
            logger: Logger(label: "test"))
        let described = try server.router().routes.map { route in
            let path = route.path.description.split(separator: "/").map { part in
                part.hasPrefix(":") ? "{\(part.dropFirst())}" : part.hasPrefix("{") ? String(part) : String(part)
            }.joined(separator: "/")
            return "\(route.method.rawValue) /\(path)"
        }
        return Set(described)
    }

    @Test func `every route of the API is in the contract, and every operation of the contract is a route`() throws {
        let api = try routes().filter { route in
            ["/v1/", "/health/", "/metrics", "/openapi.json", "/catalog", "/api/"].contains {
                route.split(separator: " ")[1].hasPrefix($0)
            }
                && !route.hasPrefix("HEAD")
        }
        let described = Set(
            try contract().flatMap { path, item in
                item.keys.filter { ["get", "put", "post", "delete", "patch"].contains($0) }.map {
                    "\($0.uppercased()) \(path)"
                }
            })
        #expect(api == described)
    }

    @Test func `every operation has an id of its own and a summary`() throws {
        var ids: Set<String> = []
        for (path, item) in try contract() {
            for (method, operation) in item where method != "parameters" {
                let operation = operation as? [String: Any]
                let id = try #require(operation?["operationId"] as? String, "\(method) \(path)")
                #expect(ids.insert(id).inserted, "\(id)")
                #expect(operation?["summary"] is String)
            }
        }
    }

    @Test func `the contract is served as JSON`() async throws {
        try await WebFixture.with { web in
            let answer = try await web.send("GET", "/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.json["openapi"] as? String == "3.1.0")
        }
    }
}
