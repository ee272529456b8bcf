import Testing

@testable import ParleyCore

@Suite("When silence ends a turn")
struct EndpointPolicyTests {
    private func moment(_ silence: Int, _ completeness: Completeness? = nil, spoken: Int = 3_000)
        -> EndpointPolicy.Moment
    {
        var moment = EndpointPolicy.Moment(silence: .milliseconds(silence), length: .milliseconds(spoken + silence))
        moment.completeness = completeness
        return moment
    }

    @Test(
        "How much silence is enough depends on the words",
        arguments: [
            (.complete, 300, .complete), (.plausible, 500, .usual), (.unknown, 500, .usual), (nil, 500, .noWords),
            (.incomplete(.half), 800, .incomplete), (.incomplete(.answer), 800, .incomplete),
            (.incomplete(.figures), 1_100, .incomplete), (.incomplete(.hesitation), 1_100, .incomplete),
        ] as [(Completeness?, Int, EndpointPolicy.Reason)])
    func enough(completeness: Completeness?, silence: Int, reason: EndpointPolicy.Reason) {
        let policy = EndpointPolicy()
        #expect(policy.judge(moment(silence - 20, completeness)) == .wait(until: .milliseconds(silence)))
        #expect(policy.judge(moment(silence, completeness)) == .end(reason))
    }

    @Test(
        "A sentence that has only begun is waited for; one that is under way ends a little sooner",
        arguments: [(1_980, 800), (2_000, 440)])
    func sentence(spoken: Int, silence: Int) {
        var moment = moment(0, .unknown, spoken: spoken)
        moment.asksForSentence = true
        #expect(EndpointPolicy().judge(moment) == .wait(until: .milliseconds(silence)))
    }

    @Test("Words that break off are waited for a little less where any sentence may be the answer")
    func trailing() {
        var moment = moment(0, .incomplete(.hesitation))
        moment.asksForSentence = true
        #expect(EndpointPolicy().judge(moment) == .wait(until: .milliseconds(840)))
        moment.hangover = .seconds(1)
        #expect(EndpointPolicy().judge(moment) == .wait(until: .seconds(1)))
    }

    @Test(
        "A question's own hangover is the usual one; words still shorten and lengthen it",
        arguments: [
            (1_000, .unknown, 1_000), (1_000, nil, 1_000), (1_000, .complete, 300),
            (1_000, .incomplete(.figures), 1_100),
            (2_000, .incomplete(.figures), 2_000), (200, .incomplete(.figures), 200), (200, .complete, 200),
        ] as [(Int, Completeness?, Int)])
    func own(hangover: Int, completeness: Completeness?, silence: Int) {
        var moment = moment(0, completeness)
        moment.hangover = .milliseconds(hangover)
        #expect(EndpointPolicy().judge(moment) == .wait(until: .milliseconds(silence)))
    }

    @Test("In noise silence is not enough: the words must stand still, or the silence be long")
    func noise() {
        let policy = EndpointPolicy()
        var noisy = moment(600, .unknown)
        noisy.isNoisy = true
        #expect(policy.judge(noisy) == .wait(until: .milliseconds(1_000)))
        noisy.steady = (.unknown, .milliseconds(580))
        #expect(policy.judge(noisy) == .wait(until: .milliseconds(1_000)))
        noisy.steady = (.unknown, .milliseconds(600))
        #expect(policy.judge(noisy) == .end(.settled))
        noisy.steady = nil
        noisy.silence = .milliseconds(1_000)
        #expect(policy.judge(noisy) == .end(.usual))
    }

    @Test("Noise that is taken for speech holds up a whole answer for 1.2 s, and nothing for longer than a turn may be")
    func neverSilent() {
        let policy = EndpointPolicy()
        var loud = moment(0)
        loud.isNoisy = true
        loud.steady = (.complete, .milliseconds(1_180))
        #expect(policy.judge(loud) == .wait(until: .milliseconds(1_000)))
        loud.steady = (.complete, .milliseconds(1_200))
        #expect(policy.judge(loud) == .end(.settled))
        loud.steady = (.unknown, .milliseconds(9_000))
        #expect(policy.judge(loud) == .wait(until: .milliseconds(1_000)))
        loud.length = policy.maximumTurn
        #expect(policy.judge(loud) == .end(.maximum))
    }

    @Test("More silence never takes an end back, and none is waited for beyond the bound")
    func monotone() {
        let words: [Completeness?] = [nil, .complete, .plausible, .unknown, .incomplete(.half), .incomplete(.link)]
        for completeness in words {
            for (isNoisy, asksForSentence, hangover) in [
                (false, false, nil), (true, true, 700), (false, true, 100), (true, false, 3_000),
            ] {
                var hasEnded = false
                for silence in stride(from: 0, through: 4_000, by: 20) {
                    var moment = moment(silence, completeness, spoken: 1_000)
                    (moment.isNoisy, moment.asksForSentence) = (isNoisy, asksForSentence)
                    moment.hangover = hangover.map { .milliseconds($0) }
                    let ends = if case .end = EndpointPolicy().judge(moment) { true } else { false }
                    #expect(ends || !hasEnded)
                    hasEnded = ends
                    if moment.silence >= EndpointPolicy().bound(hangover: moment.hangover) { #expect(ends) }
                }
            }
        }
    }

    @Test("A line is noisy when its loudest hardly stands over its quietest")
    func lineNoise() {
        var quiet = LineNoise()
        var loud = LineNoise()
        for frame in 0..<500 {
            quiet.hear(frame % 50 < 25 ? -20 : -65)
            loud.hear(frame % 50 < 25 ? -20 : -30)
        }
        #expect(!quiet.isNoisy && loud.isNoisy)
    }
}
