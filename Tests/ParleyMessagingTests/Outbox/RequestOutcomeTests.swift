import Testing

@testable import ParleyMessaging

@Suite("From a provider's words to the row's")
struct RequestOutcomeTests {
    @Test(
        "Each outcome of a request is one of the row's",
        arguments: [
            (SendOutcome.accepted(providerID: "SM1"), 201, RequestOutcome.accepted(providerID: "SM1")),
            (.refused(code: "21211", reason: .permanent), 400, .refused(code: "21211")),
            (.refused(code: "21610", reason: .optedOut), 400, .optedOut(code: "21610")),
            (.refused(code: "30034", reason: .configuration), 400, .misconfigured(code: "30034")),
            (.unauthorised(code: "http_401"), 401, .unauthorised(code: "http_401")),
            (.retry(after: 7, code: "http_429"), 429, .notSent(.rateLimited, retryAfterMS: 7_000)),
            (.retry(after: nil, code: "20429"), 429, .notSent(.rateLimited, retryAfterMS: nil)),
            (.retry(after: 0, code: "http_503"), 503, .notSent(.unavailable, retryAfterMS: 0)),
            (.retry(after: nil, code: "retry"), 400, .notSent(.unavailable, retryAfterMS: nil)),
            (.retry(after: .max, code: "http_503"), 503, .notSent(.unavailable, retryAfterMS: .max)),
            (.ambiguous(code: "http_500"), 500, .ambiguous(.serverError)),
            (.ambiguous(code: "unreadable_answer"), 200, .ambiguous(.serverError)),
        ])
    func outcomes(outcome: SendOutcome, status: Int, row: RequestOutcome) {
        #expect(RequestOutcome(outcome, status: status) == row)
    }

    @Test(
        "Every status of every provider moves a row where the table says",
        arguments: [200, 204, 301, 400, 403, 429, 500])
    func statuses(status: Int) throws {
        for format in try Sample.formats() {
            let outcome = RequestOutcome(format.outcome(of: Sample.answer(status)), status: status)
            let wanted: RequestOutcome =
                switch status {
                case 400: .refused(code: "http_400")
                case 403: .unauthorised(code: "http_403")
                case 429: .notSent(.rateLimited, retryAfterMS: nil)
                default: .ambiguous(.serverError)
                }
            #expect(outcome == wanted, "\(format.name)")
        }
    }

    @Test(
        "A report is news where a provider can know it",
        arguments: [
            (MessageState.accepted, nil, ProviderNews.accepted), (.sent, nil, .sent), (.delivered, nil, .delivered),
            (.failed, "30003", .undelivered(code: "30003")), (.failed, nil, .undelivered(code: "undelivered")),
            (.failed, "21610", .optedOut(code: "21610")), (.sent, "21610", .sent), (.queued, nil, nil),
            (.claimed, nil, nil), (.sending, nil, nil), (.recorded, nil, nil), (.unknown, nil, nil),
            (.suppressed, nil, nil), (.expired, nil, nil), (.dead, nil, nil),
        ] as [(MessageState, String?, ProviderNews?)])
    func reports(state: MessageState, code: String?, news: ProviderNews?) {
        let report = StatusReport(providerID: "SM1", correlation: nil, state: state, code: code)
        #expect(ProviderNews(report, from: Sample.twilio) == news)
    }

    @Test("Each provider has its own code for an opt-out, and no other's")
    func optOuts() throws {
        let codes = ["twilio": "21610", "telnyx": "40300", "vonage": "1240", "webhook": "opted_out"]
        for format in try Sample.formats() {
            for (name, code) in codes {
                #expect((format.reason(ofCode: code) == .optedOut) == (format.name == name), "\(code)")
            }
        }
    }

    @Test(
        "An answer to a question is the row's; trouble at the provider is no answer",
        arguments: [
            (QueryOutcome.found(providerID: "SM1", state: .sent), 200, QueryAnswer.found(providerID: "SM1")),
            (.absent, 200, .absent), (.unclear, 200, .cannotTell), (.unclear, 404, .cannotTell),
            (.unclear, 301, .cannotTell), (.unclear, 401, nil), (.unclear, 403, nil), (.unclear, 408, nil),
            (.unclear, 429, nil), (.unclear, 500, nil), (.unclear, 503, nil),
        ] as [(QueryOutcome, Int, QueryAnswer?)])
    func answers(outcome: QueryOutcome, status: Int, answer: QueryAnswer?) {
        #expect(QueryAnswer(outcome, status: status) == answer)
    }
}
