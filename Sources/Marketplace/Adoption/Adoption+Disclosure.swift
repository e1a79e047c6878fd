import Foundation

extension Adoption {
    /// Who authorised whom to operate which public data in a year, with the products made of it: a row for each authorisation of a
    /// product, by id. - Throws: `InvalidInput` on a year that is none.
    public func authorisedOperation(in year: Int, cursor: String?, limit: Int?, now: Date) async throws
        -> JSONDocument
    {
        guard (2000...2998).contains(year) else { throw InvalidInput("year", "A year is 2000 to 2998.") }
        let request = try PageRequest(
            query: "authorised operation of \(year)", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "adoption/list_authorised_operation", year, now, request.cursor?.key, request: request
        ).json(head: "\"year\":\(year),")
    }
}
