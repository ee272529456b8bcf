import ParleyCore
import Testing

@testable import ParleyActions

@Suite("Where a webhook goes")
struct WebhookTargetTests {
    private static let base = "https://api.example.org/v1/days/{{ .parameters.x }}/slots?from={{ .parameters.x }}&to=1"

    /// Values that try to be more than one part of a URL.
    @Test(
        "A value stays in its part of the path and of the query",
        arguments: [
            ("plain", "plain"), ("a b", "a%20b"), ("a/b", "a%2Fb"), ("a?b=c", "a%3Fb%3Dc"), ("a#b", "a%23b"),
            ("a&admin=1", "a%26admin%3D1"), ("a%2fb", "a%252fb"), ("%2e%2e", "%252e%252e"), ("a+b", "a%2Bb"),
            ("a;b", "a%3Bb"), ("a:b@c", "a%3Ab%40c"), ("{{ .call.id }}", "%7B%7B%20.call.id%20%7D%7D"),
            ("a\r\nHost: evil", "a%0D%0AHost%3A%20evil"), ("a\u{0}b", "a%00b"), ("ü", "%C3%BC"), ("😀", "%F0%9F%98%80"),
            ("\u{202E}abc", "%E2%80%AEabc"), ("..a", "..a"), ("a..", "a.."), ("~-._", "~-._"),
            ("'\"<>", "%27%22%3C%3E"),
            ("$(id)", "%24%28id%29"), ("a\\b", "a%5Cb"), ("…", "%E2%80%A6"), ("[::1]", "%5B%3A%3A1%5D"),
        ])
    func encoded(value: String, part: String) throws {
        let given = JSON.object(["x": .string(value)]).canonical
        let request = try webhookRequest(Self.base, method: .get, given: given)
        #expect(request.url == "https://api.example.org/v1/days/\(part)/slots?from=\(part)&to=1")
    }

    @Test(
        "A value that would change which path is meant is refused",
        arguments: ["", ".", "..", "/", "//", "../../admin", "a/../b", "..\\admin", "./x", "a/.", "\\", "../\u{301}x"])
    func paths(value: String) throws {
        let given = JSON.object(["x": .string(value)]).canonical
        #expect(throws: RequestRefusal(rule: "url: a part of the path would be empty or lead elsewhere")) {
            _ = try webhookRequest(Self.base, method: .get, given: given)
        }
    }

    @Test("In the query all of these are values, also none")
    func query() throws {
        for (value, part) in [("", ""), ("..", ".."), ("/", "%2F")] {
            let given = JSON.object(["x": .string(value)]).canonical
            let request = try webhookRequest("https://a.example?q={{ .parameters.x }}", method: .get, given: given)
            #expect(request.url == "https://a.example?q=\(part)")
        }
    }

    @Test("What the operator wrote stands as it is; numbers and flags are written plainly")
    func literal() throws {
        let request = try webhookRequest(
            "https://a.example:8443/v1:x/a%20b/{{ .parameters.n }}-{{ .parameters.f }}?k=a,b&&v=", method: .get,
            given: #"{"n":10e-1,"f":true}"#)
        #expect(request.url == "https://a.example:8443/v1:x/a%20b/1-true?k=a,b&&v=")
    }

    @Test("A value that is missing is refused, and its name is said; one that is too long too")
    func missing() throws {
        #expect(throws: RequestRefusal.self) { _ = try webhookRequest(Self.base, method: .get, given: "{}") }
        let long = JSON.object(["x": .string(String(repeating: "x", count: 4_000))]).canonical
        #expect(throws: RequestRefusal(rule: "url: longer than 4096 bytes")) {
            _ = try webhookRequest(Self.base, method: .get, given: long)
        }
    }

    @Test(
        "What is no base with values in their places is refused when it is read",
        arguments: [
            ("ftp://a.example", "does not begin with https://"), ("//a.example", "does not begin with https://"),
            ("https://{{ .parameters.host }}/x", "a template stands in its host"),
            ("https://a.{{ .parameters.x }}", "a template stands in its host"),
            ("https://a.example:{{ .parameters.port }}/x", "a template stands in its host"),
            ("https://user:pw@a.example/", "is not the plain address of a host"),
            ("https:///x", "is not the plain address of a host"),
            ("https://a.example/x?{{ .parameters.k }}=1", "a template stands in a name of the query"),
            ("https://a.example/x#{{ .parameters.k }}", "has a fragment, which no server sees"),
            ("https://a.example/a b", "holds a character that no URL has"),
            ("https://a.example/ü", "holds a character that no URL has"),
            ("https://a.example/{{ .parameters.x", "`{{` has no `}}`"),
            (
                "https://a.example/x?q=a%20{{ .parameters.x }}",
                "beside a template there is more than letters, digits, `-`, `.`, `_` and `~`"
            ),
        ])
    func faults(url: String, problem: String) {
        do throws(WebhookFault) {
            _ = try WebhookTarget(url, name: "url")
            Issue.record("\(url) was taken")
        } catch {
            #expect(error.problem == problem)
            #expect(!error.mend.isEmpty)
        }
    }
}
