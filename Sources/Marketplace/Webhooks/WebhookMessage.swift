import CCurl
import Foundation

/// A signed CloudEvent on its way to a webhook.
struct WebhookMessage: Sendable {
    let id: String
    let url: String
    let secrets: [WebhookSecret]
    let body: String
    static let timeLimit: Duration = .seconds(10)

    /// What was answered. Without a status, nothing was, for the reason that `failure` gives.
    struct Answer: Sendable {
        var status: Int?
        /// Its first 500 characters.
        var text: String?
        var failure: String?
        var isAccepted: Bool { failure == nil && status.map { (200..<300).contains($0) } == true }
    }

    /// Sends it once, following no redirection; blocks, so it has a thread of its own.
    /// - Parameter allowsInternal: whether it may reach an address inside the network of the market.
    func send(allowsInternal: Bool, at now: Date, limit: Duration = timeLimit) async -> Answer {
        let answer = try? await onOwnThread { transfer(allowsInternal: allowsInternal, at: now, limit: limit) }
        return answer ?? Answer(failure: "There was no thread for the message.")
    }

    func headers(at now: Date) -> [String] {
        let timestamp = Int(now.timeIntervalSince1970)
        let signatures = secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) }
        return [
            "Content-Type: application/cloudevents+json; charset=utf-8", "webhook-id: \(id)",
            "webhook-timestamp: \(timestamp)", "webhook-signature: \(signatures.joined(separator: " "))", "Expect:",
        ]
    }

    private func transfer(allowsInternal: Bool, at now: Date, limit: Duration) -> Answer {
        guard let handle = curl_easy_init() else { return Answer(failure: "There is no memory for the message.") }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        for header in headers(at: now) { list = curl_slist_append(list, header) }
        defer { curl_slist_free_all(list) }
        curl_set_list(handle, CURLOPT_HTTPHEADER, list)
        configure(handle, allowsInternal: allowsInternal, limit: limit)
        var kept = Beginning()
        let outcome = withUnsafeMutablePointer(to: &kept) { kept in
            curl_set_context(handle, CURLOPT_WRITEDATA, kept)
            return curl_easy_perform(handle)
        }
        return answer(of: handle, outcome, kept, allowsInternal: allowsInternal)
    }

    private func answer(
        of handle: UnsafeMutableRawPointer, _ outcome: CURLcode, _ kept: Beginning, allowsInternal: Bool
    ) -> Answer {
        var code = 0
        curl_get_number(handle, CURLINFO_RESPONSE_CODE, &code)
        var answer = Answer(status: code == 0 ? nil : code, text: kept.text)
        // A long answer is cut off by us; its status counts.
        if outcome != CURLE_OK, !(outcome == CURLE_WRITE_ERROR && kept.isCut) {
            let inside = allowsInternal ? "" : " Addresses inside the market's own network are not reached."
            answer.failure = String(cString: curl_easy_strerror(outcome)) + "." + inside
        } else if !answer.isAccepted {
            answer.failure = "The status is \(code)."
        }
        return answer
    }

    private func configure(_ handle: UnsafeMutableRawPointer, allowsInternal: Bool, limit: Duration) {
        curl_set_text(handle, CURLOPT_URL, url)
        curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        curl_set_text(handle, CURLOPT_USERAGENT, "datamarket")
        curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, body)
        let milliseconds = Int(limit / .milliseconds(1))
        for (option, number) in [
            (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECTTIMEOUT_MS, milliseconds),
            (CURLOPT_TIMEOUT_MS, milliseconds),
        ] { curl_set_number(handle, option, number) }
        curl_set_writer(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return context.assumingMemoryBound(to: Beginning.self).pointee.take(piece) ? size * count : 0
        }
        if !allowsInternal { InternalAddress.refuse(on: handle) }
    }

    /// How an answer begins; what is longer than 16 KiB is not read to its end.
    private struct Beginning {
        private var bytes: [UInt8] = []
        private var read = 0
        var isCut: Bool { read > 16_384 }

        mutating func take(_ piece: UnsafeRawBufferPointer) -> Bool {
            bytes.append(contentsOf: piece.prefix(2_000 - bytes.count))
            read += piece.count
            return !isCut
        }

        var text: String? {
            bytes.isEmpty ? nil : String(String(decoding: bytes, as: UTF8.self).filter { $0 != "\0" }.prefix(500))
        }
    }
}
