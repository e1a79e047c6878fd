import Foundation
import Hummingbird
import Marketplace

/// Who answered for what, in both directions, and bodies that were renamed, merged or split.
struct ResponsibilityRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/usage/:id/responsibility") { request, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: LineageError.unknownUsage)
            let chain = try await market.lineage.responsibility(
                forUsage: id, of: account.partyID, asOf: request.time("as_of"),
                recordedBy: request.time("recorded_by") ?? now())
            return try chainResponse(chain, to: request)
        }
        router.get("/v1/directory/entries/:code/responsibility") { request, context in
            let now = now()
            let chain = try await market.lineage.responsibility(
                forEntry: context.code(), asOf: request.time("as_of") ?? now,
                recordedBy: request.time("recorded_by") ?? now)
            return try chainResponse(chain, to: request)
        }
        router.get("/v1/parties/:code/responsibilities") { request, context in
            let now = now()
            return jsonResponse(
                try await market.parties.responsibilities(
                    of: context.code(), asOf: request.time("as_of") ?? now,
                    recordedBy: request.time("recorded_by") ?? now, cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/parties/:code/successions") { request, context in
            jsonResponse(
                try await market.parties.successions(
                    of: context.code(), recordedBy: request.time("recorded_by") ?? now()))
        }
        router.post("/v1/parties/:code/responsibilities") { try await assign($0, $1) }
        router.post("/v1/parties/:code/successions") { try await succeed($0, $1) }
        router.post("/v1/parties/:code/successions/:id/corrections") { try await correct($0, $1) }
        router.post("/v1/parties/:code/names") { try await rename($0, $1) }
    }

    private func assign(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let (_, object) = try await request.jsonObject(
            allowing: ["role", "subject", "since", "until", "replaces", "basis", "basis_sha256"],
            limit: context.maxUploadSize)
        let members = JSONMembers(object: object)
        let (role, subject) = (try members.text("role"), try members.text("subject"))
        let since = try parsedTime(members.text("since"), field: "since")
        let until = try members.optionalTime("until")
        try await market.parties.requireCompetence(of: account.partyID, subject: subject)
        let id: UUID
        if try members.truth("replaces") {
            guard until == nil else {
                throw InvalidInput("until", "Who replaces another answers until further notice.")
            }
            id = try await market.parties.replace(
                role, for: subject, by: context.code(), since: since, basis: basis(in: object),
                recordedBy: account.partyID, now: now())
        } else {
            id = try await market.parties.assign(
                role, for: subject, to: context.code(), since: since, until: until, basis: basis(in: object),
                now: now())
        }
        return try jsonResponse(encoding: ["id": id.uuidString.lowercased()], status: .created)
    }

    private func succeed(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let (_, object) = try await request.jsonObject(
            allowing: Self.members, limit: context.maxUploadSize)
        let outcome = try await market.parties.succeed(
            succession(of: context.code(), in: object), by: account.partyID, now: now())
        return jsonResponse(outcome.successions, status: outcome.isNew ? .created : .ok)
    }

    private static let members: Set<String> = ["kind", "effective_on", "basis", "basis_sha256", "successors"]

    private func succession(of code: String, in object: [String: Any]) throws -> Succession {
        let stated = try requiredText("kind", in: object)
        guard let kind = Succession.Kind(rawValue: stated) else {
            throw InvalidInput("kind", "'\(stated)' is not renamed, merged or split.")
        }
        return try Succession(
            of: code, kind: kind, effectiveOn: requiredText("effective_on", in: object), basis: basis(in: object),
            successors: successors(in: object))
    }

    /// A reason alone says that there was no succession; with a whole succession, that this one stands in its place.
    private func correct(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: SuccessionError.unknownSuccession(context.code()))
        let (_, object) = try await request.jsonObject(
            allowing: Self.members.union(["reason"]), limit: context.maxUploadSize)
        let code = try context.code()
        let correction = try SuccessionCorrection(
            of: id, reason: requiredText("reason", in: object, limit: 2_000),
            instead: object.keys.contains { $0 != "reason" } ? succession(of: code, in: object) : nil)
        return jsonResponse(
            try await market.parties.correct(correction, of: code, by: account.partyID, now: now()), status: .created)
    }

    private func rename(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let (_, object) = try await request.jsonObject(
            allowing: ["name_zh", "name_en", "since", "basis", "basis_sha256"], limit: context.maxUploadSize)
        let code = try context.code()
        let english = try object["name_en"].map { _ in try requiredText("name_en", in: object) }
        try await market.parties.requireCompetence(of: account.partyID, forParty: code)
        let changed = try await market.parties.rename(
            code, nameZh: requiredText("name_zh", in: object), nameEn: english,
            since: parsedTime(requiredText("since", in: object), field: "since"), basis: basis(in: object), now: now())
        return jsonResponse(try await market.parties.find(code), status: changed ? .created : .ok)
    }

    private func basis(in object: [String: Any]) throws -> Basis {
        try Basis(
            reference: requiredText("basis", in: object, limit: 1_000),
            sha256: requiredText("basis_sha256", in: object))
    }

    private func successors(in object: [String: Any]) throws -> [Succession.Successor] {
        guard let list = object["successors"] as? [Any] else {
            throw InvalidInput("successors", "This member must be a list of successors.")
        }
        return try list.enumerated().map { place, value in
            guard let member = value as? [String: Any] else {
                throw InvalidInput("successors[\(place)]", "A successor is an object with the party's code.")
            }
            if let unknown = member.keys.sorted().first(where: { !["party", "roles", "subjects"].contains($0) }) {
                throw InvalidInput(
                    "successors[\(place)].\(unknown.prefix(60))", "No such member; this takes party, roles, subjects.")
            }
            return .init(
                party: try requiredText("party", in: member),
                roles: try texts("roles", in: member, place: place),
                subjects: try texts("subjects", in: member, place: place))
        }
    }

    private func texts(_ name: String, in member: [String: Any], place: Int) throws -> [String]? {
        guard let value = member[name], !(value is NSNull) else { return nil }
        guard let list = value as? [String], list.count <= 10_000, !list.contains(where: { $0.contains("\0") }) else {
            throw InvalidInput("successors[\(place)].\(name)", "This member must be a list of texts.")
        }
        return list
    }
}
