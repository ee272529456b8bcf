/// The engines over the network that the engines file can name: a line for each.
public enum NetworkEngines {
    public static let recognizers: [any RecognizerAdapter.Type] = [
        DeepgramRecognizer.self,
        AssemblyAIRecognizer.self,
        OpenAIRealtimeRecognizer.self,
        VoskRecognizer.self,
        WyomingRecognizer.self,
    ]
    public static let voices: [any VoiceAdapter.Type] = [
        CartesiaVoice.self,
        DeepgramVoice.self,
        ElevenLabsVoice.self,
        OpenAIVoice.self,
        WyomingVoice.self,
    ]
}
