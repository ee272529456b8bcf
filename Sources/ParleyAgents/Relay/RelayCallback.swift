import Dispatch
import NIOCore
import ParleyCore
import ParleyMessaging
import ParleyNetwork

/// Where the end of an application's session is posted to.
final class RelayCallback: Sendable {
    /// For all of the answer, which is not read.
    private static let time = CallTime.seconds(15)

    let url: String
    let key: Secret?
    let client: HTTPStreamClient
    private let running = DispatchGroup()

    init(url: String, key: Secret?, client: HTTPStreamClient) {
        self.url = url
        self.key = key
        self.client = client
    }

    /// - Parameter failed: told why it did not arrive, where it did not.
    func post(_ form: FormFields, on loop: any EventLoop, failed: @escaping (String) -> Void) {
        var headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        if let key { headers.append((RelaySignature.header, RelaySignature.make(url, form: form, key: key))) }
        running.enter()
        _ = client.send(
            "POST", url, headers: headers, body: Array(form.formText.utf8), within: Self.time, on: loop,
            user: Answer { [running] problem in
                if let problem { failed(problem) }
                running.leave()
            })
    }

    /// When nothing is being posted any more: after `time` at the latest.
    func finish() async {
        await withCheckedContinuation { continuation in
            running.notify(queue: .global()) { continuation.resume() }
        }
    }

    private final class Answer: HTTPStreamUser {
        /// Told once: `nil`, or why it did not arrive.
        private let done: (String?) -> Void
        private var status = 0

        init(_ done: @escaping (String?) -> Void) { self.done = done }

        func head(status: Int, headers: [(name: String, value: String)]) { self.status = status }
        func body(_ piece: UnsafeRawBufferPointer) {}
        func ended(_ problem: String?) {
            done(problem ?? ((200..<300).contains(status) ? nil : "answered with \(status)"))
        }
    }
}
