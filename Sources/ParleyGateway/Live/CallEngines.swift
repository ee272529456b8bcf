import Logging
import ParleyAgents
import ParleyCore
import ParleyOpus
import ParleySpeech

#if LocalSpeech
import ParleySpeechLocal
#endif

/// What one call hears, decides and speaks with, opened for it on its event loop. All answers go to its inbox.
struct CallEngines {
    /// `nil`: the leg's audio is no Opus.
    var opus: OpusLeg?
    /// `nil` where there is none, or it could not be opened; so with the voice.
    let recognizer: (any RecognizerSession)?
    let synthesizer: (any SynthesizerSession)?
    let agent: any AgentSession
    /// Where replies are begun before the caller's turn has ended.
    let preemptive: PreemptiveSession?
    let sounds: SoundDesk
    #if LocalSpeech
    private let opinions: SecondOpinions?
    private let opinion: SecondOpinion?
    #endif

    init(_ services: CallServices, _ format: LegFormat, _ facts: CallFacts, _ inbox: CallInbox) {
        let speechToSpeech = services.speechToSpeech?.begin()
        let engines =
            speechToSpeech.map { CallServices.Engines(recognizer: $0.recognizer, synthesizer: $0.synthesizer) }
            ?? services.current
        // Each for itself: a recogniser that cannot be opened does not take the voice away that says so.
        func opened<Engine>(_ open: () throws -> Engine?) -> Engine? {
            do { return try open() } catch {
                services.logger.error(
                    "an engine could not be opened", metadata: ["call": "\(facts.callID)", "error": "\(error)"])
                return nil
            }
        }
        if format.codec == .opus { opus = opened { try OpusLeg(sampleRate: format.sampleRate) } }
        recognizer = opened {
            try engines.recognizer?.start(
                sampleRate: format.sampleRate, answer: { inbox.deliver(.recognizer($0)) },
                news: { inbox.deliver(.engine($0)) })
        }
        let voice = opened {
            try LegVoice(format, makeEncoder: { () throws(CodecError) in try LegCodec.makeEncoder(format) }) {
                inbox.deliver(.synthesizer($0))
            }
        }
        let isEarly = services.configuration[Keys.preemptive] && services.agent.takesGuesses
        let preemptive = isEarly ? voice.map { Self.preemptive(speakingBy: $0, inbox) } : nil
        self.preemptive = preemptive
        let session = voice.flatMap { voice in
            opened {
                try engines.synthesizer?.start(
                    answer: { if let preemptive { preemptive.spoke($0) } else { voice.take($0) } },
                    news: { inbox.deliver(.engine($0)) })
            }
        }
        if let session { preemptive?.use(voice: session) }
        synthesizer = session.map { preemptive?.voice ?? $0 }
        sounds = SoundDesk(format: format, inbox: inbox)
        #if LocalSpeech
        opinions = services.secondOpinions
        opinion = opinions?.open(for: inbox)
        #endif
        agent = Self.openAgent(speechToSpeech?.agent ?? services.agent, services, facts, preemptive, inbox)
    }

    func consult(_ samples: Span<Int16>, isWanted: Bool) {
        #if LocalSpeech
        opinion?.feed(samples, isAwake: isWanted)
        #endif
    }

    /// The call is over.
    func close(_ reason: EndReason) {
        recognizer?.close()
        synthesizer?.close()
        agent.ended(reason)
        #if LocalSpeech
        if let opinion { opinions?.close(opinion) }
        #endif
    }

    private static func preemptive(speakingBy voice: LegVoice, _ inbox: CallInbox) -> PreemptiveSession {
        PreemptiveSession(reply: { inbox.deliver(.reply($0, $1)) }, speech: { voice.take($0) })
    }

    /// An agent that wants to know what was texted before is told: it is looked up meanwhile, off the loop.
    private static func openAgent(
        _ agent: any Agent, _ services: CallServices, _ facts: CallFacts, _ preemptive: PreemptiveSession?,
        _ inbox: CallInbox
    ) -> any AgentSession {
        let answer: @Sendable (Generation, ReplyPart) -> Void = {
            if let preemptive { preemptive.replied($0, $1) } else { inbox.deliver(.reply($0, $1)) }
        }
        let line = AgentLine(nudge: { inbox.deliver(.nudge) }, news: { inbox.deliver(.engine($0)) })
        func attended(_ session: any AgentSession) -> any AgentSession {
            session.attend(line)
            preemptive?.use(agent: session)
            return preemptive ?? session
        }
        guard agent.usesThreads, !facts.from.isEmpty else { return attended(agent.start(facts, answer: answer)) }
        let late = LateAgent()
        let session = attended(late)
        services.thread(of: facts.from) { thread in
            var facts = facts
            facts.thread = thread.map { ThreadContext($0, at: Int64(facts.wallClock * 1_000)) } ?? ThreadContext()
            late.open(agent.start(facts, answer: answer))
        }
        return session
    }
}
