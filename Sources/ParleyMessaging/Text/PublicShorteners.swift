/// Hosts where anybody may hide any address behind a short one. Carriers block texts with them.
enum PublicShorteners {
    /// - Parameter host: in lower case; a subdomain counts as well.
    static func contains(_ host: String) -> Bool {
        let labels = host.split(separator: ".").suffix(3)
        return hosts.contains(labels.joined(separator: ".")) || hosts.contains(labels.suffix(2).joined(separator: "."))
    }

    private static let hosts = Set(
        """
        bit.ly bitly.com j.mp tinyurl.com tiny.one t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly rb.gy \
        tiny.cc lnkd.in shorturl.at shorturl.com t.ly s.id qr.ae adf.ly bl.ink short.io shorte.st soo.gd clck.ru \
        u.to x.co dlvr.it fb.me wp.me trib.al db.tt qr.net mcaf.ee po.st su.pr snip.ly hyperurl.co urlz.fr rotf.lol \
        t2m.io chilp.it bc.vc cli.re ity.im q.gs 1url.com git.io amzn.to spr.ly zpr.io shrtco.de 2.gp kutt.it \
        dub.sh lc.chat linktr.ee smarturl.it surl.li n9.cl tinu.be vk.cc me2.do kisa.link tny.im href.li
        """.split(separator: " ").map(String.init))
}
