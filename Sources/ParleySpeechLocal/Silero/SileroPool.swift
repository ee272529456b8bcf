#if LocalSpeech
import ParleySpeech
import Synchronization

/// The models that are loaded, lent to calls: one takes 55 ms to load and 10 MB to keep, so none is loaded while a caller
/// waits, and none is given up.
public final class SileroPool: Sendable {
    private struct State {
        var idle: [any WindowModel] = []
        var made = 0
        var isLoading = false
        var failure: String?
    }

    private let make: @Sendable () -> Result<any WindowModel, EngineError>
    private let capacity: Int
    private let threads: EngineThreads
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: models at the most, so calls with a second opinion at the most.
    ///   - threads: where models are loaded, one spare ahead of the calls.
    public convenience init(library: SileroLibrary, capacity: Int = 32, loadingOn threads: EngineThreads) {
        self.init(capacity: capacity, loadingOn: threads) { library.makeModel() }
    }

    init(
        capacity: Int, loadingOn threads: EngineThreads,
        make: @escaping @Sendable () -> Result<any WindowModel, EngineError>
    ) {
        self.capacity = capacity
        self.threads = threads
        self.make = make
        loadSpare()
    }

    /// Models loaded so far, idle or lent.
    public var loaded: Int { state.withLock { $0.made } }
    /// What went wrong with the last load; one line for the log.
    public var failure: String? { state.withLock { $0.failure } }

    /// A model that has heard nothing yet; `nil` where none is ready, and the call does without.
    func take() -> (any WindowModel)? {
        let model = state.withLock { $0.idle.popLast() }
        loadSpare()
        return model
    }

    /// Nobody may use it any more.
    func giveBack(_ model: any WindowModel) {
        model.reset()
        state.withLock { $0.idle.append(model) }
    }

    private func loadSpare() {
        let isWanted = state.withLock { state in
            let isShort = state.idle.isEmpty && state.made < capacity
            guard isShort, !state.isLoading, state.failure == nil else { return false }
            state.isLoading = true
            return true
        }
        guard isWanted else { return }
        if threads.enqueue(.background, { [self] in load() }) != .accepted {
            state.withLock { $0.isLoading = false }
        }
    }

    /// A model that does not load once is not tried again: its file is damaged, or memory is short.
    private func load() {
        let made = make()
        state.withLock { state in
            state.isLoading = false
            switch made {
            case .success(let model):
                state.idle.append(model)
                state.made += 1
            case .failure(let error):
                state.failure = error.message
            }
        }
    }
}
#endif
