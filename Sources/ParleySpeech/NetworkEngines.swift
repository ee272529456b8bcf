/// The engines over the network that an engines file can name.
public struct NetworkEngines: Sendable {
    public private(set) var recognizers: [any RecognizerAdapter.Type]
    public private(set) var voices: [any VoiceAdapter.Type]

    /// Those that Parley brings: a line for each.
    public static let builtIn = NetworkEngines(
        recognizers: [
            DeepgramRecognizer.self,
            AssemblyAIRecognizer.self,
            OpenAIRealtimeRecognizer.self,
            TranscriptionsRecognizer.self,
            VoskRecognizer.self,
            WyomingRecognizer.self,
        ],
        voices: [
            CartesiaVoice.self,
            DeepgramVoice.self,
            ElevenLabsVoice.self,
            OpenAIVoice.self,
            WyomingVoice.self,
        ])

    public init(recognizers: [any RecognizerAdapter.Type] = [], voices: [any VoiceAdapter.Type] = []) {
        self.recognizers = recognizers
        self.voices = voices
    }

    /// With engines of one's own: where two have one name, these count.
    public func adding(
        recognizers: [any RecognizerAdapter.Type] = [], voices: [any VoiceAdapter.Type] = []
    ) -> NetworkEngines {
        let names = (recognizers.map { $0.engine }, voices.map { $0.engine })
        return NetworkEngines(
            recognizers: self.recognizers.filter { !names.0.contains($0.engine) } + recognizers,
            voices: self.voices.filter { !names.1.contains($0.engine) } + voices)
    }
}
