import ParleyCore

extension RealtimeSpeech {
    /// Where in the sound the hearing stopped.
    ///
    /// - Parameter heard: clauses' words, as the call tells what it played: whole clauses, then the words of one.
    /// - Returns: for each item of the answer, the milliseconds of it that were heard; `nil`: all.
    func extent(ofHeard heard: String) -> [(segment: Segment, heard: Int?)] {
        var ends = [Int](repeating: 0, count: segments.count)
        var rest = heard[...]
        for clause in clauses {
            guard let place = clause.place, !rest.isEmpty else { break }
            let isWhole = rest.hasPrefix(clause.text)
            let cut = isWhole ? clause.text.utf8.count : rest.utf8.count
            let end = isWhole ? clause.given : (clause.words.last { $0.textEnd <= cut }?.audioEnd ?? 0) * 8
            // What is not spoken any more is no longer in the way of what is.
            for segment in 0..<place.segment { ends[segment] = segments[segment].audio.count }
            ends[place.segment] = max(ends[place.segment], place.start + end)
            guard isWhole else { break }
            rest = rest.dropFirst(clause.text.count)
            while rest.first == " " { rest = rest.dropFirst() }
        }
        return zip(segments, ends).map { ($0, $1 >= $0.audio.count && $0.isWhole ? nil : $1 / 8) }
    }
}
