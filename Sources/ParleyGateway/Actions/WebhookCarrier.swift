import NIOCore
import NIOPosix
import ParleyActions
import ParleyLedger
import ParleyMessaging
import ParleyNetwork

/// Carries one webhook to its server, in as many tries as it may take.
struct WebhookCarrier: Sendable {
    let http: CheckedHTTP
    /// UTC milliseconds since 1970.
    let now: @Sendable () -> Int64

    /// - Returns: what became of it. When its task is cancelled it ends at once.
    func carry(_ request: WebhookRequest, of action: WebhookAction, by access: WebhookAccess) async -> WebhookEnding {
        guard let address = try? NetworkAddress(request.url, schemes: [.https, .http]) else {
            return .refused("url: it is none")
        }
        let began = NIODeadline.now()
        func elapsed() -> Int64 { (NIODeadline.now() - began).nanoseconds / 1_000_000 }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let addresses: [IPAddress]
        do throws(CheckedFault) {
            // Once: whatever the name server says later, the tries go to what was checked.
            addresses = try await http.addresses(
                of: address.host, by: access.rules, within: .milliseconds(action.timeoutMS), on: loop)
        } catch {
            return Self.ending(of: .fault(error), action.result)
        }
        var retries = WebhookRetries(most: action.retries)
        while true {
            let attempt: WebhookRetries.Attempt
            let time = max(1, min(action.timeoutMS, retries.budgetMS - elapsed()))
            do throws(CheckedFault) {
                let sent = sealed(request, to: address, by: access)
                attempt = .answer(try await http.send(sent, to: addresses, within: .milliseconds(time), on: loop))
            } catch {
                attempt = .fault(error)
            }
            guard let wait = retries.wait(after: attempt, at: elapsed(), now: now()) else {
                return Self.ending(of: attempt, action.result)
            }
            do { try await Task.sleep(for: .milliseconds(wait)) } catch { return .failed("abandoned") }
        }
    }

    /// With what is secret, and signed.
    private func sealed(
        _ request: WebhookRequest, to address: NetworkAddress, by access: WebhookAccess
    ) -> CheckedRequest {
        var headers = [(name: "Accept", value: "application/json"), (name: "User-Agent", value: "Parley")]
        if request.method.hasBody { headers.append((name: "Content-Type", value: "application/json")) }
        headers += request.headers.map { ($0.name, $0.value) }
        headers += access.headers.map { ($0.name, $0.value.revealed) }
        if let signature = ParleySignature(secrets: access.signing).header(for: request.body, at: now()) {
            headers.append((ParleySignature.headerName, signature))
        }
        return CheckedRequest(method: request.method.rawValue, address: address, headers: headers, body: request.body)
    }

    // MARK: What became of it

    /// Answers that are no "no" of the server's business, but say that it was asked wrongly or not now.
    private static let faults: Set<Int> = [401, 403, 407, 408, 425, 429]

    static func ending(of attempt: WebhookRetries.Attempt, _ result: ResultMapping) -> WebhookEnding {
        switch attempt {
        case .fault(let fault): return ending(of: fault)
        case .answer(let answer):
            let note = "http_\(answer.status)"
            switch answer.status {
            case 200...299:
                guard let values = result.values(in: answer.body) else {
                    return .failed("\(note): the answer is not JSON")
                }
                let missing = result.missing(in: values)
                guard missing.isEmpty else {
                    return .failed("result_missing: \(missing.joined(separator: ", "))")
                }
                return .answered(values: values, note: note)
            case 300...399: return .failed("\(note): redirects are not followed")
            case 400...499 where !faults.contains(answer.status): return .refused(note)
            default: return .failed(note)
            }
        }
    }

    private static func ending(of fault: CheckedFault) -> WebhookEnding {
        switch fault {
        case .ambiguousHost: .refused("host_ambiguous")
        case .address(let refusal): .refused("address_refused: \(refusal.rawValue)")
        case .unknownName: .failed("host_unknown")
        case .noConnection: .failed("no_connection")
        case .untrusted: .failed("tls_untrusted")
        case .late(isSent: false): .failed("no_connection_in_time")
        case .late(isSent: true): .unknown("no_answer_in_time")
        case .lost(isSent: false): .failed("connection_lost")
        case .lost(isSent: true): .unknown("connection_lost")
        case .cancelled(isSent: false): .failed("abandoned")
        case .cancelled(isSent: true): .unknown("abandoned")
        case .tooLarge: .failed("answer_too_large")
        case .notHTTP: .failed("answer_not_http")
        }
    }
}
