/// Finds what a telephone would make a link of, in one pass over a text.
struct LinkScanner {
    private let letters: [LinkLetter]
    /// Last labels of the hosts that are allowed: a name that ends in one is a link even where no list knows it.
    private let endings: Set<String>
    /// Where the authority that was looked at last ends, and the last `@` in it: one look serves all links up to there.
    private var authority: (end: Int, sign: Int?) = (0, nil)

    init(_ scalars: [Unicode.Scalar], endings: Set<String>) {
        letters = scalars.map(LinkLetter.init)
        self.endings = endings
    }

    mutating func links() -> [Link] {
        var links: [Link] = []
        var at = 0
        var runEnd = 0
        while at < letters.count {
            guard letters[at].isOfRun else {
                at += 1
                continue
            }
            if at >= runEnd { runEnd = end(from: at) { $0.isOfRun } }
            let run = at..<runEnd
            if let scheme = scheme(in: run) {
                _ = readBare(run.lowerBound..<scheme.lowerBound, into: &links)
                let link = schemed(scheme)
                links.append(link.link)
                at = max(link.end, run.lowerBound + 1)
            } else {
                at = readBare(run, into: &links)
            }
        }
        return links
    }

    private func end(from start: Int, while isPart: (LinkLetter) -> Bool) -> Int {
        var at = start
        while at < letters.count, isPart(letters[at]) { at += 1 }
        return at
    }

    private func byte(at index: Int) -> UInt8 { index < letters.count ? letters[index].plain : LinkLetter.gap }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: letters[range].lazy.map(\.plain).filter { $0 != LinkLetter.unseen }, as: UTF8.self)
    }
}

// MARK: with a scheme

extension LinkScanner {
    /// The name in front of `://`, or `http` and `https` in front of a colon and anything.
    private func scheme(in run: Range<Int>) -> Range<Int>? {
        for colon in run where letters[colon].plain == UInt8(ascii: ":") {
            var start = colon
            while start > run.lowerBound, isOfScheme(letters[start - 1].plain) { start -= 1 }
            guard start < colon else { continue }
            let name = text(start..<colon)
            let isSlashed = letters.indices.contains(colon + 2) && isSlash(colon + 1) && isSlash(colon + 2)
            let isWeb = name == "http" || name == "https"
            if isSlashed || (isWeb && (isSlash(colon + 1) || colon + 1 < run.upperBound)) { return start..<colon }
        }
        return nil
    }

    private func isOfScheme(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || byte == LinkLetter.unseen
    }

    private func isSlash(_ index: Int) -> Bool { [UInt8(ascii: "/"), UInt8(ascii: "\\")].contains(byte(at: index)) }

    private mutating func schemed(_ scheme: Range<Int>) -> (link: Link, end: Int) {
        var faults: Set<LinkRules.Fault> = []
        let slashes = scheme.upperBound + 1..<end(from: scheme.upperBound + 1) { $0.isSlash }
        if slashes.count != 2 || slashes.contains(where: { letters[$0].plain == UInt8(ascii: "\\") }) {
            faults.insert(.malformed)
        }
        var start = slashes.upperBound
        readAuthority(at: start)
        if let sign = authority.sign, sign >= start {
            faults.insert(.userInfo)
            start = sign + 1
        }
        var host = start..<end(from: start) { $0.isOfHost }
        if byte(at: start) == UInt8(ascii: "[") {
            faults.insert(.address)
            host = start..<authority.end
        }
        var next = host.upperBound
        if byte(at: next) == UInt8(ascii: ":") {
            let port = next + 1..<end(from: next + 1) { $0.isOfHost }
            let isNumber = (1...5).contains(port.count) && port.allSatisfy { letters[$0].plain.isDigit }
            if isNumber { next = port.upperBound } else if !port.isEmpty { faults.insert(.malformed) }
        }
        let name = hostName(host, into: &faults)
        return link(from: scheme.lowerBound, next, scheme: text(scheme), host: name, faults)
    }

    private mutating func readAuthority(at start: Int) {
        guard start >= authority.end else { return }
        let range = start..<end(from: start) { $0.isOfPath && !$0.opensPath }
        authority = (range.upperBound, range.last { letters[$0].plain == UInt8(ascii: "@") })
    }

    /// Without closing dots. Adds what is wrong with it.
    private func hostName(_ range: Range<Int>, into faults: inout Set<LinkRules.Fault>) -> String {
        if range.contains(where: { letters[$0].isForeign }) { faults.insert(.hostNotASCII) }
        var name = text(range)[...]
        while name.hasSuffix(".") { name.removeLast() }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.contains(where: \.isEmpty) || name.utf8.contains(UInt8(ascii: "%")) || name.utf8.count > 253 {
            faults.insert(.malformed)
        }
        // As browsers read it: a last label that is a number makes the whole an IPv4 address.
        if let last = labels.last, !last.isEmpty, last.allSatisfy(\.isDigit) || String(last)?.hasPrefix("0x") == true {
            faults.insert(.address)
        }
        return String(name)
    }

    /// - Parameter next: after host and port: where a path may begin.
    private func link(
        from start: Int, _ next: Int, scheme: String?, host: String, _ faults: Set<LinkRules.Fault>
    ) -> (link: Link, end: Int) {
        var faults = faults
        var last = next
        if next < letters.count, letters[next].opensPath { last = end(from: next) { $0.isOfPath } }
        if (next..<last).contains(where: { letters[$0].plain == UInt8(ascii: "\\") }) { faults.insert(.malformed) }
        let closed = closing(start..<last)
        return (Link(range: start..<closed, scheme: scheme, host: host, faults: faults), last)
    }

    /// Where the link ends without the sentence's own marks.
    private func closing(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        let opened = range.count { letters[$0].plain == UInt8(ascii: "(") }
        var closed = range.count { letters[$0].plain == UInt8(ascii: ")") }
        while end > range.lowerBound + 1 {
            let mark = letters[end - 1].plain
            if mark == UInt8(ascii: ")") {
                guard closed > opened else { break }
                closed -= 1
            } else if !".,;:!?'*]".utf8.contains(mark) {
                break
            }
            end -= 1
        }
        return end
    }
}

// MARK: bare names

extension LinkScanner {
    /// - Returns: where to read on.
    private func readBare(_ run: Range<Int>, into links: inout [Link]) -> Int {
        var isUser = false
        if let sign = run.last(where: { letters[$0].plain == UInt8(ascii: "@") }), sign > run.lowerBound,
            sign + 1 < run.upperBound
        {
            // `me@host.com` is a mail address; `me@host.com/` and `me@host.com:80` are links.
            isUser = isSlash(run.upperBound) || (sign..<run.upperBound).contains { isPort($0) }
            if !isUser { return run.upperBound }
        }
        var start = run.lowerBound
        while start < run.upperBound {
            guard letters[start].isOfHost else {
                start += 1
                continue
            }
            let piece = start..<min(end(from: start) { $0.isOfHost }, run.upperBound)
            start = piece.upperBound
            for part in parts(of: piece) {
                guard let name = BareName(labels(of: part), endings: endings) else { continue }
                var faults: Set<LinkRules.Fault> = name.isAddress ? [.address] : []
                if isUser { faults.insert(.userInfo) }
                if name.isForeign { faults.insert(.hostNotASCII) }
                if part.contains(where: { letters[$0].plain == UInt8(ascii: "%") }) { faults.insert(.malformed) }
                var next = part.lowerBound + name.length
                if isPort(next) { next = end(from: next + 1) { $0.plain.isDigit } }
                let found = link(from: part.lowerBound, next, scheme: nil, host: name.host, faults)
                links.append(found.link)
                if found.end > run.upperBound { return found.end }
            }
        }
        return run.upperBound
    }

    /// A colon and a digit.
    private func isPort(_ index: Int) -> Bool { byte(at: index) == UInt8(ascii: ":") && byte(at: index + 1).isDigit }

    /// Between runs of two dots and more; without dots and hyphens at either end.
    private func parts(of piece: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = piece.lowerBound
        for at in piece {
            let isLast = at + 1 == piece.upperBound
            let isBreak = letters[at].isDot && !isLast && letters[at + 1].isDot
            guard isBreak || isLast else { continue }
            var part = start..<(isBreak ? at : at + 1)
            while let first = part.first, "-_.".utf8.contains(letters[first].plain) { part.removeFirst() }
            while let last = part.last, "-_.".utf8.contains(letters[last].plain) { part.removeLast() }
            if !part.isEmpty { parts.append(part) }
            start = at + 1
        }
        return parts
    }

    private func labels(of part: Range<Int>) -> [BareName.Label] {
        var labels: [BareName.Label] = []
        var label = BareName.Label()
        var at = part.lowerBound
        while at < part.upperBound {
            let (letter, length) = unescaped(at, in: part)
            if letter.isDot {
                labels.append(label)
                label = BareName.Label()
                label.hasForeignDot = letter.isForeign
            } else {
                label.append(letter)
            }
            at += length
            label.end = at - part.lowerBound
        }
        labels.append(label)
        return labels
    }

    /// One letter, or the ASCII letter that an escape (`%2e`) stands for.
    private func unescaped(_ index: Int, in part: Range<Int>) -> (letter: LinkLetter, length: Int) {
        guard letters[index].plain == UInt8(ascii: "%"), index + 2 < part.upperBound,
            let value = Hex.decode(text(index + 1..<index + 3))?.first, value < 0x80
        else { return (letters[index], 1) }
        return (LinkLetter(Unicode.Scalar(value)), 3)
    }
}
