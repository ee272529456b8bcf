import NIOCore
import ParleyCore
import ParleyMessaging
import ParleyNetwork

/// Where the end of an application's session is posted to.
struct RelayCallback: Sendable {
    /// For all of the answer, which is not read.
    private static let time = CallTime.seconds(15)

    let url: String
    let key: Secret?
    let client: HTTPStreamClient

    /// - Parameter failed: told why it did not arrive, where it did not.
    func post(_ form: FormFields, on loop: any EventLoop, failed: @escaping (String) -> Void) {
        var headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        if let key { headers.append((RelaySignature.header, RelaySignature.make(url, form: form, key: key))) }
        _ = client.send(
            "POST", url, headers: headers, body: Array(form.formText.utf8), within: Self.time, on: loop,
            user: Answer(failed))
    }

    private final class Answer: HTTPStreamUser {
        private let failed: (String) -> Void
        private var status = 0

        init(_ failed: @escaping (String) -> Void) { self.failed = failed }

        func head(status: Int, headers: [(name: String, value: String)]) { self.status = status }
        func body(_ piece: UnsafeRawBufferPointer) {}
        func ended(_ problem: String?) {
            if let problem { return failed(problem) }
            if !(200..<300).contains(status) { failed("answered with \(status)") }
        }
    }
}
