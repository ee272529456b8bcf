#if LocalSpeech
import ParleySpeech

/// A second opinion on a recording, given frame by frame by whoever asks: no thread, and the same answers every time.
public struct OfflineOpinion {
    private var windows = OpinionWindows()
    private let model: any WindowModel
    private var window = [Float](repeating: 0, count: OpinionWindows.length)

    /// - Throws: `EngineError` where the model does not load.
    public init(library: SileroLibrary) throws(EngineError) { model = try library.makeModel().get() }

    /// - Parameters:
    ///   - frame: 160 samples at 8 kHz.
    ///   - isWanted: whether an opinion on it would be of use.
    ///   - answer: told as `SecondOpinion` tells it.
    public mutating func feed(
        _ frame: Span<Int16>, isWanted: Bool, answer: (_ frame: Int, _ odds: Float) -> Void
    ) {
        windows.append(frame)
        if isWanted != windows.isAwake {
            if isWanted { windows.wake() } else { windows.sleep() }
        }
        window.withUnsafeMutableBufferPointer { window in
            while let number = windows.take(into: window.baseAddress!) {
                answer(number, SecondOpinion.odds(model.judge(window.baseAddress!)))
            }
        }
    }
}
#endif
