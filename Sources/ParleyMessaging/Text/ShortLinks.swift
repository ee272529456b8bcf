/// Puts short links in the place of long ones.
public enum ShortLinks {
    public struct Replaced: Equatable, Sendable {
        public let body: String
        /// Each new link once, in the order of the text; a link that is there twice has one.
        public let links: [ShortLink]
    }

    /// Replaces each link that keeps all of the rules and is longer than its short form. Others stay as they are, and
    /// so do those to the base's own host.
    ///
    /// - Parameters:
    ///   - body: any text.
    ///   - base: `https://` and a host that the rules allow, or the new text breaks them.
    ///   - makeID: a new one for each call.
    public static func replace(
        in body: String, base: String, rules: LinkRules, makeID: () -> ShortLink.ID
    ) -> Replaced {
        let scalars = Array(body.unicodeScalars)
        let own = rules.links(in: Array(base.unicodeScalars)).first?.host
        var out = String.UnicodeScalarView()
        var links: [ShortLink] = []
        var known: [String: ShortLink.ID] = [:]
        var copied = 0
        for link in rules.links(in: scalars) where link.host != own && rules.faults(of: link).isEmpty {
            let long = text(scalars[link.range])
            guard link.range.count > ShortLink.length(base: base) else { continue }
            let id = known[long] ?? makeID()
            if known.updateValue(id, forKey: long) == nil { links.append(ShortLink(id: id, target: long)) }
            out.append(contentsOf: scalars[copied..<link.range.lowerBound])
            out.append(contentsOf: ShortLink.url(base: base, id: id).unicodeScalars)
            copied = link.range.upperBound
        }
        out.append(contentsOf: scalars[copied...])
        return Replaced(body: String(out), links: links)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
