import ParleyLedger
import Testing

@testable import ParleyActions
@testable import ParleyGateway
@testable import ParleyNetwork

@Suite("When a webhook is sent again, and what became of it")
struct WebhookRetriesTests {
    private func answer(_ status: Int, after: String? = nil, body: String = "") -> WebhookRetries.Attempt {
        let headers = after.map { [CheckedAnswer.Header(name: "retry-after", value: $0)] } ?? []
        return .answer(CheckedAnswer(status: status, headers: headers, body: Array(body.utf8)))
    }

    @Test("After 429, 502, 503, 504 and where nobody answered the door; after nothing else")
    func which() {
        for status in 100..<600 {
            var retries = WebhookRetries(most: 1)
            let isAgain = [429, 502, 503, 504].contains(status)
            #expect((retries.wait(after: answer(status), at: 0, now: 0) != nil) == isAgain)
        }
        let faults: [CheckedFault] = [
            .ambiguousHost, .address(.loopback), .unknownName, .noConnection, .untrusted, .late(isSent: false),
            .late(isSent: true), .lost(isSent: false), .lost(isSent: true), .cancelled(isSent: false), .tooLarge,
            .notHTTP,
        ]
        for fault in faults {
            var retries = WebhookRetries(most: 1)
            #expect((retries.wait(after: .fault(fault), at: 0, now: 0) != nil) == (fault == .noConnection))
        }
    }

    @Test("As often as is allowed, waiting longer each time")
    func often() {
        var retries = WebhookRetries(most: 3)
        #expect((0..<5).map { _ in retries.wait(after: answer(503), at: 0, now: 0) } == [200, 400, 800, nil, nil])
        var none = WebhookRetries(most: 0)
        #expect(none.wait(after: answer(503), at: 0, now: 0) == nil)
    }

    @Test("As long as the server asks, up to what the turn has left")
    func budget() {
        var retries = WebhookRetries(most: 3, budgetMS: 10_000)
        #expect(retries.wait(after: answer(429, after: "2"), at: 1_000, now: 0) == 2_000)
        #expect(retries.wait(after: answer(429, after: "0"), at: 4_000, now: 0) == 0)
        #expect(retries.wait(after: answer(429, after: "6"), at: 4_000, now: 0) == nil)
        #expect(retries.wait(after: answer(503), at: 9_700, now: 0) == nil)
        #expect(retries.wait(after: answer(429, after: "5"), at: 4_000, now: 0) == 5_000)
    }

    @Test(
        "The header is seconds or a date",
        arguments: [
            ("0", 0), ("120", 120_000), ("Sun, 06 Nov 1994 08:49:39 GMT", 2_000), ("Sun, 06 Nov 1994 08:49:30 GMT", 0),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 167_670_623_000), ("-1", nil), ("", nil), ("1.5", nil), ("soon", nil),
            ("9999999999", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 24:00:00 GMT", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)])
    func header(text: String, wait: Int64?) {
        #expect(RetryAfter.milliseconds(text, now: 784_111_777_000) == wait)
    }

    @Test(
        "What became of it, from the answer",
        arguments: [
            (200, #"{"a":1}"#, WebhookEnding.answered(values: .object(["x": .number(.init(1))]), note: "http_200")),
            (201, "{}", .failed("result_missing: x")), (200, #"{"a":null}"#, .failed("result_missing: x")),
            (200, #"{"a":" "}"#, .failed("result_missing: x")), (200, #"{"a":[]}"#, .failed("result_missing: x")),
            (204, "", .failed("http_204: the answer is not JSON")),
            (200, "<html>", .failed("http_200: the answer is not JSON")),
            (302, "", .failed("http_302: redirects are not followed")),
            (307, "", .failed("http_307: redirects are not followed")), (404, "", .refused("http_404")),
            (409, "", .refused("http_409")), (401, "", .failed("http_401")), (429, "", .failed("http_429")),
            (500, "", .failed("http_500")), (599, "", .failed("http_599")), (101, "", .failed("http_101")),
        ])
    func endings(status: Int, body: String, ending: WebhookEnding) throws {
        let mapping = ResultMapping([try .init(name: "x", path: "a")])
        #expect(WebhookCarrier.ending(of: answer(status, body: body), mapping) == ending)
    }

    @Test("What may be absent is, and only what has to be there is missed, all of it named")
    func optional() throws {
        let mapping = ResultMapping([
            try .init(name: "first", path: "a.0"), try .init(name: "second", path: "a.1?"),
            try .init(name: "count", path: "n"),
        ])
        #expect(mapping.fields.map(\.isOptional) == [false, true, false])
        func ending(_ body: String) -> WebhookEnding { WebhookCarrier.ending(of: answer(200, body: body), mapping) }
        #expect(ending("{}") == .failed("result_missing: first, count"))
        #expect(ending(#"{"a":["9:00"]}"#) == .failed("result_missing: count"))
        let values = JSON.object(["first": .string("9:00"), "second": .null, "count": .number(.init(0))])
        #expect(ending(#"{"a":["9:00"],"n":0}"#) == .answered(values: values, note: "http_200"))
        #expect(throws: WebhookFault.self) { try ResultMapping.Field(name: "x", path: "?") }
    }

    @Test("Only a request that was out may have been done")
    func unknown() {
        func ending(_ fault: CheckedFault) -> WebhookEnding {
            WebhookCarrier.ending(of: .fault(fault), ResultMapping())
        }
        #expect(ending(.late(isSent: true)) == .unknown("no_answer_in_time"))
        #expect(ending(.lost(isSent: true)) == .unknown("connection_lost"))
        #expect(ending(.cancelled(isSent: true)) == .unknown("abandoned"))
        for fault in [CheckedFault.late(isSent: false), .lost(isSent: false), .cancelled(isSent: false), .untrusted] {
            guard case .failed = ending(fault) else {
                Issue.record("\(fault)")
                continue
            }
        }
        #expect(ending(.address(.metadata)) == .refused("address_refused: metadata"))
    }
}
