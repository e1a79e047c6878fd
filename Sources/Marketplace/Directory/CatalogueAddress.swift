import CCurl
import Foundation

/// An address that a catalogue is fetched from, by libcurl.
public struct CatalogueAddress: Sendable {
    public let url: String
    /// Whether it may lie inside the network of the market: another's address must not reach what only we can reach.
    let allowsInternal: Bool
    private static let largest: curl_off_t = 16 << 30

    /// - Throws: `InvalidInput` unless it is an address of http or https.
    public init(_ text: String, allowsInternal: Bool) throws {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", parts.host?.isEmpty == false, parts.user == nil
        else { throw InvalidInput("url", "This is not an address like https://data.example.org/catalogue.json.") }
        url = text
        self.allowsInternal = allowsInternal
    }

    public var fileName: String {
        let last = URLComponents(string: url)?.path.split(separator: "/").last.map(String.init)
        return last ?? "catalogue"
    }

    /// What the server said of a file, to be asked with the next time.
    public struct Validators: Sendable {
        public var etag: String?
        public var lastModified: String?
    }

    public enum Answer: Sendable { case notModified, file(Validators, contentType: String?) }

    /// Loads the file into a file of our own; blocks, so it has a thread of its own.
    func fetch(into file: URL, unless known: Validators) async throws -> Answer {
        try await onOwnThread { try load(into: file, unless: known) }
    }

    private func load(into file: URL, unless known: Validators) throws -> Answer {
        guard let output = fopen(file.path, "wb"), let handle = curl_easy_init() else {
            throw CatalogueUnreadable(.missing, "There is no room for the file of \(url).")
        }
        defer { curl_easy_cleanup(handle) }
        var transfer = Transfer(output: output)
        var headers: UnsafeMutablePointer<curl_slist>?
        if let etag = known.etag { headers = curl_slist_append(headers, "If-None-Match: \(etag)") }
        if let time = known.lastModified { headers = curl_slist_append(headers, "If-Modified-Since: \(time)") }
        defer { curl_slist_free_all(headers) }
        let status = withUnsafeMutablePointer(to: &transfer) { transfer in
            configure(handle, headers: headers, transfer: transfer)
            return curl_easy_perform(handle)
        }
        let isWritten = fclose(output) == 0
        guard status == CURLE_OK, isWritten else {
            let inside = allowsInternal ? "" : " Addresses inside the market's own network are not reached."
            throw CatalogueUnreadable(
                .missing, "\(url) cannot be fetched: \(String(cString: curl_easy_strerror(status))).\(inside)")
        }
        var code = 0
        curl_get_number(handle, CURLINFO_RESPONSE_CODE, &code)
        if code == 304 { return .notModified }
        guard code == 200 else { throw CatalogueUnreadable(.missing, "\(url) answers with the status \(code).") }
        return .file(transfer.validators, contentType: transfer.contentType)
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer, headers: UnsafeMutablePointer<curl_slist>?,
        transfer: UnsafeMutablePointer<Transfer>
    ) {
        curl_set_text(handle, CURLOPT_URL, url)
        curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        curl_set_text(handle, CURLOPT_USERAGENT, "datamarket")
        for (option, number) in [
            (CURLOPT_FOLLOWLOCATION, 1), (CURLOPT_MAXREDIRS, 5), (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECTTIMEOUT, 15),
            (CURLOPT_LOW_SPEED_LIMIT, 100), (CURLOPT_LOW_SPEED_TIME, 60),
        ] { curl_set_number(handle, option, number) }
        curl_set_large(handle, CURLOPT_MAXFILESIZE_LARGE, Self.largest)
        curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        curl_set_context(handle, CURLOPT_WRITEDATA, transfer)
        curl_set_writer(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return fwrite(bytes, size, count, context.assumingMemoryBound(to: Transfer.self).pointee.output) * size
        }
        curl_set_context(handle, CURLOPT_HEADERDATA, transfer)
        curl_set_writer(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = String(
                decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
            context?.assumingMemoryBound(to: Transfer.self).pointee.note(line)
            return size * count
        }
        if !allowsInternal { InternalAddress.refuse(on: handle) }
    }

    private struct Transfer {
        let output: UnsafeMutablePointer<FILE>
        var validators = Validators()
        var contentType: String?

        /// Headers of the last answer count, not those of a redirection before it.
        mutating func note(_ line: String) {
            if line.hasPrefix("HTTP/") { (validators, contentType) = (Validators(), nil) }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return }
            let value = parts[1].trimmingCharacters(in: .whitespacesAndNewlines)
            switch parts[0].lowercased() {
            case "etag": validators.etag = value
            case "last-modified": validators.lastModified = value
            case "content-type": contentType = value.lowercased()
            default: break
            }
        }
    }
}
