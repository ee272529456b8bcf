import Foundation
import ParleyCaller
import ParleyCore
import Testing

@testable import ParleyReplay

@Suite("The page of a replayed call")
struct TimelineTests {
    @Test("Everything is where it was: both sides, the floor, the words, the marks, the waterfall")
    func timeline() throws {
        let timeline = try CallTimeline(try Samples.bargesIn())
        #expect(timeline.report.isTheSame)
        #expect(timeline.caller.count == timeline.judged.count && timeline.caller.count > 1_000)
        #expect(timeline.callerTurns.map(\.text).contains("Wednesday at ten in the morning."))
        #expect(timeline.agentTurns.contains { $0.wasCut })
        #expect(timeline.waterfalls.allSatisfy { $0.firstFrame != nil })
        // Who was cut into was sent more than was heard; nothing is played twice at a time.
        #expect(timeline.agent.contains { $0.isFlushed })
        let played = timeline.agent.filter { !$0.isFlushed }.map(\.slice.at)
        #expect(zip(played, played.dropFirst()).allSatisfy { $1 - $0 >= .frame })
        #expect(zip(timeline.floors, timeline.floors.dropFirst()).allSatisfy { $0.to == $1.from })
        let clear = try #require(timeline.moments.first { $0.kind == .clear })
        #expect(timeline.moments.contains { $0.kind == .bargeIn && $0.text == "paused" && $0.at == clear.at })
        let marks = timeline.moments.filter { $0.kind == .markSent }
        #expect(marks.count > 50)
        // The sound is as long as the call, and the caller is heard in it where a turn is.
        let rate = Double(timeline.sampleRate)
        let seconds = TimelineDrawing.seconds(timeline.report.duration)
        #expect(abs(Double(timeline.callerSound.count) / rate - seconds) < 0.5)
        let turn = try #require(timeline.callerTurns.first)
        let middle = Int(TimelineDrawing.seconds(turn.began) * rate) + 2_000
        #expect(FrameLevel.dBFS(timeline.callerSound[middle..<middle + 1_600]) > -40)
    }

    @Test("One page, nothing from elsewhere, and what was said cannot become markup")
    func page() throws {
        var page = TimelinePage()
        let capsule = try Samples.bargesIn()
        let report = try CapsuleReplay.run(capsule)
        try page.add(
            ReplayResult(
                path: "<b>\"a\" & b</b>", capsule: report, problems: ["</pre><script>x</script>"], took: .zero),
            capsule: capsule)
        try page.add(
            ReplayResult(path: "redacted", capsule: report, problems: [], took: .zero),
            capsule: CapsuleRedaction.redact(capsule))
        let html = page.html()
        #expect(html.contains("2 replayed calls"))
        #expect(html.contains("&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt;") && !html.contains("<b>"))
        #expect(html.split(separator: "<script>").count == 2)
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains(" src=\"/"))
        #expect(html.contains("Wednesday at ten in the morning."))
        #expect(html.contains("audio/wav;base64,"))
        // The redacted one has no sound, and none of the words.
        let redacted = try #require(html.components(separatedBy: "id=\"call-2\"").last)
        #expect(redacted.contains("class=\"score\"") && !redacted.contains("audio/wav"))
        #expect(!redacted.contains("Wednesday") && !redacted.contains("cleaning"))
    }

    @Test("What is damaged is drawn as far as it goes")
    func damaged() throws {
        let capsule = try Samples.bargesIn()
        for length in [capsule.count / 2, capsule.count / 3] {
            let octets = Array(capsule[..<length])
            var page = TimelinePage()
            try page.add(
                ReplayResult(path: "half", capsule: try CapsuleReplay.run(octets), problems: [], took: .zero),
                capsule: octets)
            #expect(page.html().contains("the recording breaks off"))
        }
    }
}
