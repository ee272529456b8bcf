/// What has been said to the provider, what of it the caller has heard, and what is still to be sent.
///
/// One utterance at a time: a reply's clauses, with a bridging phrase in front where a stage was late. Audio goes out one frame
/// a frame time and at most `lead` ahead of the paced clock; a mark follows every 200 ms and the end, and what comes back
/// proves what was heard.
struct PlayoutBook: Sendable {
    /// A clause or a phrase: text that audio belongs to.
    struct Passage: Sendable {
        var clause: Int
        var text: String
        /// False for bridging phrases: heard, but no words of the agent's.
        var isReply: Bool
        var firstFrame: Int
        var frames = 0
        /// Frames of the same clause that come before, where a bridging phrase stands in the middle of it.
        var framesBefore = 0
        /// In milliseconds from the utterance's start.
        var words: [WordEnd] = []
        var isWhole = false

        /// Of the clause's own time, in milliseconds from the utterance's start.
        var offset: Int { (firstFrame - framesBefore) * 20 }

        /// Gives up the words that end behind this part's sound.
        mutating func takeWords(behindBy delay: Int) -> [WordEnd] {
            let end = (firstFrame + frames) * 20
            let later = words.filter { $0.audioEnd > end }
            words.removeAll { $0.audioEnd > end }
            return later.map { $0.delayed(by: delay) }
        }
    }

    private static let framesPerMark = 10

    /// A frame may leave so much before its time: the caller's frames come a little early or late, and one that is missed by a
    /// hair would leave 20 ms late.
    private static let early = CallTime.milliseconds(10)

    /// How long a mark may be late before the paced clock is believed instead.
    private static let markGrace = CallTime.milliseconds(1_500)

    /// So far the marks lag behind the paced clock on an ordinary line, in frames: their way back, and how coarse they are.
    private static let mostLag = 10

    /// A frame is with the caller this much later than the paced clock says, at the least.
    private static let travel = CallTime.milliseconds(60)

    /// The number on this stretch's marks; a resumed tail gets a new one.
    private(set) var generation = Generation(0)
    private(set) var passages: [Passage] = []
    private var clips: [SpeechAudio] = []
    /// First frame of each clip.
    private var clipStarts: [Int] = []
    private(set) var queuedFrames = 0
    private(set) var sentFrames = 0
    private var heardFrames = 0
    /// Where the next frame is: kept so that sending looks nothing up.
    private var cursor = (clip: 0, frame: 0)
    /// When what was sent will have been played, by the paced clock.
    private(set) var playEnd = CallTime.zero
    private(set) var began: CallTime?
    /// When the first of the reply's own sound left, behind a bridging phrase or without one.
    private(set) var spoke: CallTime?
    private(set) var isComplete = false
    private(set) var isPaused = false
    private var nextMark: UInt32 = 1
    /// Frames that each outstanding mark stands after, oldest first.
    private var outstanding: [(index: UInt32, frames: Int)] = []
    private var framesSinceMark = 0
    /// What the last mark proved, and when it came; `nil` where playout has run dry since.
    private var proof: (frames: Int, at: CallTime)?
    /// The peer sends the marks back that `clear` drops, as if they had been played.
    private let clearReturnsMarks: Bool

    init(clearReturnsMarks: Bool = true) {
        self.clearReturnsMarks = clearReturnsMarks
        // Room for what a long reply needs, so that sending it does not grow these.
        outstanding.reserveCapacity(8)
    }

    // MARK: What comes in

    /// Starts an empty utterance; the one before is forgotten.
    mutating func begin(_ generation: Generation) {
        self.generation = generation
        passages.removeAll(keepingCapacity: true)
        clips.removeAll(keepingCapacity: true)
        clipStarts.removeAll(keepingCapacity: true)
        outstanding.removeAll(keepingCapacity: true)
        (queuedFrames, sentFrames, heardFrames, framesSinceMark) = (0, 0, 0, 0)
        cursor = (0, 0)
        (isComplete, isPaused) = (false, false)
        nextMark = 1
        (began, spoke) = (nil, nil)
        proof = nil
    }

    /// What is being said goes on under another number, in front of what is to come.
    mutating func carryOn(as generation: Generation) {
        self.generation = generation
        outstanding.removeAll(keepingCapacity: true)
        (isComplete, nextMark, proof) = (false, 1, nil)
    }

    /// Audio of a clause, in order.
    mutating func append(_ audio: SpeechAudio, clause: Int, text: String, isReply: Bool) {
        if passages.last?.clause != clause || passages.last?.isReply != isReply {
            var passage = Passage(clause: clause, text: text, isReply: isReply, firstFrame: queuedFrames)
            if isReply, let before = passages.lastIndex(where: { $0.isReply && $0.clause == clause }) {
                passage.framesBefore = parts(of: clause).reduce(0) { $0 + $1.frames }
                // Words told ahead of their sound end in this part, behind the phrase.
                passage.words = passages[before].takeWords(behindBy: passage.offset - passages[before].offset)
            }
            passages.append(passage)
        }
        let last = passages.count - 1
        let offset = passages[last].offset
        for word in audio.words {
            passages[last].words.append(word.delayed(by: offset))
        }
        guard audio.frameCount > 0 else { return }
        passages[last].frames += audio.frameCount
        clipStarts.append(queuedFrames)
        clips.append(audio)
        queuedFrames += audio.frameCount
    }

    private func parts(of clause: Int) -> [Passage] { passages.filter { $0.isReply && $0.clause == clause } }

    /// All audio of a clause is here.
    mutating func complete(clause: Int) {
        guard let index = passages.lastIndex(where: { $0.clause == clause && $0.isReply }) else { return }
        passages[index].isWhole = true
    }

    /// No more audio will come for this utterance.
    mutating func complete() { isComplete = true }

    /// - Returns: false for a mark of another utterance, or one that is not outstanding.
    mutating func reached(_ mark: Mark, at now: CallTime) -> Bool {
        guard mark.generation == generation, let position = outstanding.firstIndex(where: { $0.index == mark.index })
        else { return false }
        // A mark that was lost is covered by the next.
        heardFrames = max(heardFrames, outstanding[position].frames)
        outstanding.removeFirst(position + 1)
        proof = (heardFrames, now)
        return true
    }

    var clipCount: Int { clips.count }
    var outstandingMarks: Int { outstanding.count }

    // MARK: What goes out

    /// Audio waiting to be sent.
    var waiting: CallTime { CallTime(nanoseconds: CallTime.frame.nanoseconds * Int64(queuedFrames - sentFrames)) }

    /// When `send` has waited long enough for something to come. A frame leaves with the caller's that comes nearest to its
    /// time: no wake-up of its own. Only where those stay away the alarm sends it, an eighth of the lead late.
    func nextSend(lead: CallTime) -> CallTime? {
        guard !isPaused, sentFrames < queuedFrames else { return nil }
        return playEnd - lead + .frame + CallTime(nanoseconds: lead.nanoseconds / 8)
    }

    /// Sends what is due.
    mutating func send(lead: CallTime, at now: CallTime, into sink: inout some CallEffectSink) {
        if isDrained, playEnd <= now, !clips.isEmpty { forgetSound() }
        guard !isPaused, sentFrames < queuedFrames || framesSinceMark > 0 else { return }
        if playEnd < now, sentFrames < queuedFrames {
            playEnd = now
            proof = nil
        }
        while sentFrames < queuedFrames, playEnd + .frame <= now + lead + Self.early {
            sendFrame(into: &sink)
            if began == nil { began = now }
            if spoke == nil, hasSpoken { spoke = now }
            playEnd += .frame
            if framesSinceMark == Self.framesPerMark { sendMark(into: &sink) }
        }
        if isComplete, sentFrames == queuedFrames, framesSinceMark > 0 {
            // From here on its return is waited for.
            playEnd = max(playEnd, now)
            sendMark(into: &sink)
        }
    }

    /// All of it was heard, and nothing of it will be played again. Most of what a call holds is the sound of a reply.
    private mutating func forgetSound() {
        (clips, clipStarts, cursor) = ([], [], (0, 0))
    }

    private mutating func sendFrame(into sink: inout some CallEffectSink) {
        let range = clips[cursor.clip].range(ofFrame: cursor.frame)
        clips[cursor.clip].payload.withUnsafeBufferPointer { payload in
            sink.play(UnsafeBufferPointer(rebasing: payload[range]).span)
        }
        sentFrames += 1
        framesSinceMark += 1
        cursor.frame += 1
        if cursor.frame == clips[cursor.clip].frameCount { cursor = (cursor.clip + 1, 0) }
    }

    private mutating func sendMark(into sink: inout some CallEffectSink) {
        outstanding.append((nextMark, sentFrames))
        sink.perform(.mark(Mark(generation: generation, index: nextMark)))
        nextMark &+= 1
        framesSinceMark = 0
    }

    // MARK: Where it stands

    /// Audio is with the provider, or about to be.
    var isSpeaking: Bool { !isPaused && (sentFrames > 0 || queuedFrames > 0) && !isDrained }

    /// Something of the agent's own words is here, and not only a bridging phrase...
    var hasWords: Bool { passages.contains { $0.isReply && $0.frames > 0 } }
    /// ...and some of it has left.
    var hasSpoken: Bool { passages.contains { $0.isReply && $0.firstFrame < sentFrames } }

    /// All of it was heard. A mark that never comes is made good by `drainDeadline`.
    var isDrained: Bool {
        isComplete && !isPaused && sentFrames == queuedFrames && outstanding.isEmpty && framesSinceMark == 0
    }

    /// All that is queued was sent and, by the paced clock, played; but more may come.
    func isStarved(at now: CallTime) -> Bool { sentFrames == queuedFrames && playEnd <= now }

    /// When to stop waiting for the last mark.
    var drainDeadline: CallTime? {
        guard isComplete, !isPaused, sentFrames == queuedFrames, !outstanding.isEmpty else { return nil }
        return playEnd + Self.markGrace
    }

    /// The marks are lost: take the paced clock's word.
    mutating func assumeHeard() {
        heardFrames = sentFrames
        outstanding.removeAll(keepingCapacity: true)
        framesSinceMark = 0
    }

    /// Lends the 160 mu-law octets that are playing now, by the paced clock; `nil` when nothing is.
    ///
    /// - Parameter state: what `body` changes.
    func withPlaying<State: ~Copyable, Result>(
        at now: CallTime, changing state: inout State, _ body: (Span<UInt8>?, inout State) -> Result
    ) -> Result {
        guard playEnd > now, !isPaused, !clips.isEmpty else { return body(nil, &state) }
        let ahead = Int((playEnd - now).nanoseconds / CallTime.frame.nanoseconds) + 1
        let frame = sentFrames - ahead
        guard frame >= clipStarts[0] else { return body(nil, &state) }
        var clip = min(cursor.clip, clips.count - 1)
        while clipStarts[clip] > frame { clip -= 1 }
        let start = (frame - clipStarts[clip]) * 160
        return clips[clip].withReference { octets in
            guard start + 160 <= octets.count else { return body(nil, &state) }
            return body(UnsafeBufferPointer(rebasing: octets[start..<start + 160]).span, &state)
        }
    }

    // MARK: Barge-in

    /// The caller cut in: the provider is told to drop what it holds, and the rest is kept until it is known whether the
    /// caller meant it.
    mutating func pause(at now: CallTime) {
        isPaused = true
        // Marks that still come tell what was played, unless the peer returns those, too, that were not.
        if clearReturnsMarks { outstanding.removeAll(keepingCapacity: true) }
        framesSinceMark = 0
        // Nothing is ahead where the playout had run dry.
        let ahead = max(0, Int((playEnd + Self.travel - now).nanoseconds / CallTime.frame.nanoseconds))
        resumeFrame = min(sentFrames, max(heardFrames, sentFrames - ahead))
        if let proof {
            // Since that mark was played the peer has played on: by so much at the least.
            let proven = proof.frames + Int((now - proof.at).nanoseconds / CallTime.frame.nanoseconds) - 1
            heardFrames = max(heardFrames, min(resumeFrame, proven))
            // Further behind, sound was held up on its way, and is dropped: said again rather than lost.
            resumeFrame = min(resumeFrame, max(heardFrames, proven + Self.mostLag))
        }
        playEnd = now
    }
    /// Where a resumed tail starts: the paced clock knows better than the last mark, which is up to 200 ms old.
    private var resumeFrame = 0

    /// It was a cough: go on from the last word that was heard whole.
    mutating func resume(as generation: Generation) {
        let frame = max(wordStart(before: resumeFrame), clipStarts.first ?? queuedFrames)
        self.generation = generation
        isPaused = false
        sentFrames = frame
        heardFrames = min(heardFrames, frame)
        proof = nil
        outstanding.removeAll(keepingCapacity: true)
        nextMark = 1
        cursor = (0, 0)
        while cursor.clip < clips.count, clipStarts[cursor.clip] + clips[cursor.clip].frameCount <= frame {
            cursor.clip += 1
        }
        if cursor.clip < clips.count { cursor.frame = frame - clipStarts[cursor.clip] }
    }

    private func wordStart(before frame: Int) -> Int {
        guard let passage = passages.last(where: { $0.firstFrame <= frame }) else { return 0 }
        let end = passage.words.last { $0.audioEnd <= frame * 20 }?.audioEnd ?? passage.firstFrame * 20
        // Of the very last word a frame is left, so that a mark can prove it.
        return min(max(end / 20, passage.firstFrame), isComplete ? max(0, queuedFrames - 1) : queuedFrames)
    }

    /// How much of the utterance has been played, by the paced clock.
    func played(at now: CallTime) -> CallTime {
        let sent = CallTime(nanoseconds: CallTime.frame.nanoseconds * Int64(sentFrames))
        return playEnd > now ? max(.zero, sent - (playEnd - now)) : sent
    }

    /// Speech that is left after what was heard, by the paced clock.
    func remaining(at now: CallTime) -> CallTime {
        let unheard = isPaused ? queuedFrames - resumeFrame : queuedFrames - sentFrames
        let inFlight = playEnd > now ? playEnd - now : .zero
        return CallTime(nanoseconds: CallTime.frame.nanoseconds * Int64(max(0, unheard))) + inFlight
    }

    /// The reply's words, split at the last one that marks prove was heard whole; and the word in which that point lies.
    func split() -> (heard: String, unheard: String, cutWord: CutWord?) {
        var heard: [Substring] = []
        var unheard: [Substring] = []
        var cutWord: CutWord?
        for passage in passages where passage.isReply && passage.framesBefore == 0 {
            let parts = parts(of: passage.clause)
            let end = Self.heardEnd(of: parts, atFrame: heardFrames)
            let cut = passage.text.utf8.index(passage.text.utf8.startIndex, offsetBy: end)
            if end > 0 { heard.append(passage.text[..<cut]) }
            let rest = ClauseSplitter.trimmed(passage.text[cut...])
            guard !rest.isEmpty else { continue }
            if unheard.isEmpty { cutWord = parts.lazy.compactMap { $0.cutWord(from: cut, atFrame: heardFrames) }.first }
            unheard.append(rest[...])
        }
        return (heard.joined(separator: " "), unheard.joined(separator: " "), cutWord)
    }

    /// How much of a clause's text was heard, in UTF-8 units, cut at a word's end.
    ///
    /// - Parameter parts: its sound, with bridging phrases between; at least one.
    private static func heardEnd(of parts: [Passage], atFrame heard: Int) -> Int {
        guard let last = parts.last else { return 0 }
        let length = last.text.utf8.count
        if last.isWhole && heard >= last.firstFrame + last.frames { return length }
        // Of each part what is its own: words may have been told that never got their sound.
        let ends = parts.map { part in (part, heard: min(max(heard, part.firstFrame), part.firstFrame + part.frames)) }
        if parts.contains(where: { !$0.words.isEmpty }) {
            let told = ends.compactMap { part, heard in part.words.last { $0.audioEnd <= heard * 20 }?.textEnd }
            return min(told.max() ?? 0, length)
        }
        // The engine tells no word times: in proportion, back to the last space.
        let all = parts.reduce(0) { $0 + $1.frames }
        guard all > 0 else { return 0 }
        let expected = last.isWhole ? all : max(all, length * 45 / 20)
        let share = length * ends.reduce(0) { $0 + $1.heard - $1.0.firstFrame } / expected
        let before = last.text.utf8.prefix(min(share, length)).lastIndex(of: UInt8(ascii: " "))
        return before.map { last.text.utf8.distance(from: last.text.utf8.startIndex, to: $0) } ?? 0
    }
}

extension PlayoutBook.Passage {
    /// The word of which some phones were heard and not all.
    fileprivate func cutWord(from start: String.Index, atFrame frame: Int) -> CutWord? {
        let heard = min(frame, firstFrame + frames) * 20
        guard let word = words.first(where: { $0.audioEnd > heard }), let first = word.phoneEnds.first, first <= heard
        else { return nil }
        let end = text.utf8.index(text.utf8.startIndex, offsetBy: min(word.textEnd, text.utf8.count))
        guard start <= end else { return nil }
        return CutWord(
            text: ClauseSplitter.trimmed(text[start..<end]), phonesHeard: word.phoneEnds.filter { $0 <= heard }.count,
            phones: word.phoneEnds.count)
    }
}
