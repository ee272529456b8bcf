import ParleyCore

/// Records one live call, on its event loop; what it has is handed to the disk's thread about once a second.
final class CapsuleTape {
    /// Handed over when so much waits: about a second of both directions.
    private static let portion = 16 << 10

    /// The disk did not keep up, or would not: what is there replays to this point.
    private var hasStopped = false
    private var recorder: CapsuleRecorder
    private let file: CapsuleStore.File
    private let store: CapsuleStore
    /// The caller was told that something did not come, or asked to say it again.
    private var hadTrouble = false

    init(file: CapsuleStore.File, store: CapsuleStore, recorder: CapsuleRecorder) {
        self.file = file
        self.store = store
        self.recorder = recorder
    }

    func hear(_ samples: Span<Int16>, at now: CallTime) {
        if !hasStopped { recorder.hear(samples, at: now) }
    }

    func handle(_ event: CallEvent, at now: CallTime) {
        if !hasStopped { recorder.handle(event, at: now) }
    }

    func play(_ frame: Span<UInt8>) {
        if !hasStopped { recorder.play(frame) }
    }

    func perform(_ effect: CallEffect) {
        if case .note(.bridged(let phrase)) = effect, phrase != .oneMoment { hadTrouble = true }
        if !hasStopped { recorder.perform(effect) }
    }

    /// The call has dealt with its input.
    func finish() {
        guard !hasStopped else { return }
        recorder.finish()
        if recorder.waiting >= Self.portion { hand() }
    }

    /// Nothing comes after this.
    func end(_ reason: EndReason) {
        if !hasStopped {
            recorder.end()
            hand()
        }
        store.end(file, failed: hadTrouble || reason.isFailure)
    }

    private func hand() {
        if !store.write(recorder.take(), to: file) { hasStopped = true }
    }
}

extension EndReason {
    /// Not how a call is meant to end.
    fileprivate var isFailure: Bool {
        switch self {
        case .callerHungUp, .agentEnded, .transferred, .shutdown: false
        case .noSpeech, .engineFailed, .mediaTimeout, .slowPeer, .peerLost, .protocolError, .processLost: true
        }
    }
}
