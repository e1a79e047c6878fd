import Foundation
import Hummingbird
import Marketplace

extension Request {
    /// The body as a value. - Throws: `InvalidInput` that names the member, such as `offers[0].price_minor`, which is
    /// missing, of a wrong type, or not one of the value's.
    func decoded<T: Codable>(as type: T.Type, limit: Int) async throws -> T {
        let (body, sent) = try await json(limit: limit)
        let value: T
        do {
            value = try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            if let misfit = misfittingNumber(in: sent, of: type) {
                throw InvalidInput(String(misfit.prefix(200)), "This number has a fraction or is too large here.")
            }
            throw Self.refusal(of: error)
        }
        let known = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
        if let unknown = unknownMember(sent, of: known, path: "") {
            throw InvalidInput(String(unknown.prefix(200)), "No such member.")
        }
        return value
    }

    private static func refusal(of error: DecodingError) -> InvalidInput {
        switch error {
        case .keyNotFound(let key, let context):
            InvalidInput(path(context.codingPath + [key]), "This member is missing.")
        case .valueNotFound(_, let context): InvalidInput(path(context.codingPath), "This member is null.")
        case .typeMismatch(_, let context): InvalidInput(path(context.codingPath), "This member has a wrong type.")
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? InvalidInput("body", "The body is not well-formed JSON.")
                : InvalidInput(path(context.codingPath), "This value is not one that the member can have.")
        @unknown default: InvalidInput("body", "The body cannot be read.")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let path = keys.reduce("") { path, key in
            key.intValue.map { "\(path)[\($0)]" } ?? (path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)")
        }
        return path.isEmpty ? "body" : path
    }
}

/// The member whose number is the reason why a value cannot be decoded, which JSONDecoder does not name: the one for which
/// it still cannot when all other such numbers are 0.
private func misfittingNumber<T: Decodable>(in sent: Any, of type: T.Type) -> String? {
    var fractions: [String] = []
    func copy(_ value: Any, _ path: String, keeping kept: String?) -> Any {
        switch value {
        case let object as [String: Any]:
            return Dictionary(
                uniqueKeysWithValues: object.map {
                    ($0, copy($1, path.isEmpty ? $0 : "\(path).\($0)", keeping: kept))
                })
        case let list as [Any]:
            return list.enumerated().map { copy($1, "\(path)[\($0)]", keeping: kept) }
        case let number as NSNumber where Int64(exactly: number.doubleValue) == nil:
            if kept == nil { fractions.append(path) }
            return path == kept ? number : 0
        default: return value
        }
    }
    _ = copy(sent, "", keeping: nil)
    return fractions.sorted().prefix(20).first { path in
        do {
            _ = try JSONDecoder().decode(
                type, from: JSONSerialization.data(withJSONObject: copy(sent, "", keeping: path)))
            return false
        } catch DecodingError.dataCorrupted(let context) {
            return context.codingPath.isEmpty
        } catch { return false }
    }
}

/// The first member of what was sent that the value did not take up; null members say nothing.
private func unknownMember(_ sent: Any, of known: Any, path: String) -> String? {
    if let sent = sent as? [String: Any], let known = known as? [String: Any] {
        for (name, value) in sent.sorted(by: { $0.key < $1.key }) where !(value is NSNull) {
            let here = path.isEmpty ? name : "\(path).\(name)"
            guard let taken = known[name] else { return here }
            if let unknown = unknownMember(value, of: taken, path: here) { return unknown }
        }
    } else if let sent = sent as? [Any], let known = known as? [Any] {
        for (index, pair) in zip(sent, known).enumerated() {
            if let unknown = unknownMember(pair.0, of: pair.1, path: "\(path)[\(index)]") { return unknown }
        }
    }
    return nil
}
