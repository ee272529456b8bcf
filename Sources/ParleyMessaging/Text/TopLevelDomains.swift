/// The endings that make a name in a text a link. All countries', and of the other thousand those that are common, or
/// commonly abused. Source: IANA, Root Zone Database.
enum TopLevelDomains {
    /// - Parameter label: in lower case.
    static func contains(_ label: String) -> Bool { common.contains(label) || label.hasPrefix("xn--") }

    /// - Parameter label: in lower case, in its own script.
    static func containsForeign(_ label: String) -> Bool { foreign.contains(label) }

    private static let common = Set(
        """
        ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca \
        cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo \
        fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it \
        je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn \
        mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps \
        pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj \
        tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw com net org info \
        biz edu gov mil int arpa aero asia cat coop jobs mobi museum name post pro tel travel academy agency \
        apartments app art bank bar beauty best bet bid blog bond bot buzz cab cafe cam capital cards care cash \
        casino center chat church city claims cleaning click clinic cloud club coach codes community company cool \
        credit cyou dating deals delivery dental dentist dev digital direct doctor domains earth education email \
        energy estate events exchange expert express family finance financial fit fitness fun fund fyi gallery \
        games garden gift gifts gives global gold golf group guide guru hair haus health healthcare homes hospital \
        host hotel house icu ink institute insurance insure international kids kim land law lawyer legal life \
        limited link live llc loan loans lol ltd management market marketing mba media medical men mom money \
        monster mortgage mov movie network news ngo ninja onl online page partners party pay pet pharmacy phone \
        photography photos pictures pink pizza place plumbing plus press productions promo properties property pub \
        quest racing realestate realtor recipes red rehab rent rentals repair report rest restaurant review reviews \
        rip rocks run salon sale sbs school science security services sex shop shopping site skin soccer social \
        software solar solutions space sport store stream studio style support surf surgery systems tax taxi team \
        tech technology tennis theater tips tires tools top tours town toys trade trading training tube university \
        uno vacations ventures vet video vip vision vote voyage watch webcam website wedding wiki win wine work \
        works world wtf xin xxx xyz yoga zip zone
        """.split(separator: " ").map(String.init))

    private static let foreign = Set(
        """
        \u{440}\u{444} \u{443}\u{43A}\u{440} \u{431}\u{435}\u{43B} \u{431}\u{433} \u{441}\u{440}\u{431} \
        \u{43C}\u{43A}\u{434} \u{43C}\u{43E}\u{43D} \u{49B}\u{430}\u{437} \u{440}\u{443}\u{441} \u{435}\u{44E} \
        \u{441}\u{430}\u{439}\u{442} \u{43E}\u{43D}\u{43B}\u{430}\u{439}\u{43D} \
        \u{43C}\u{43E}\u{441}\u{43A}\u{432}\u{430} \u{43E}\u{440}\u{433} \u{43A}\u{43E}\u{43C} \u{3B5}\u{3BB} \
        \u{3B5}\u{3C5} \u{4E2D}\u{56FD} \u{4E2D}\u{570B} \u{516C}\u{53F8} \u{7F51}\u{7EDC} \u{7F51}\u{5740} \
        \u{5728}\u{7EBF} \u{9999}\u{6E2F} \u{53F0}\u{6E7E} \u{53F0}\u{7063} \u{307F}\u{3093}\u{306A} \
        \u{D55C}\u{AD6D} \u{B2F7}\u{CEF4} \u{B2F7}\u{B137} \u{E44}\u{E17}\u{E22} \
        \u{627}\u{644}\u{633}\u{639}\u{648}\u{62F}\u{64A}\u{629} \u{627}\u{645}\u{627}\u{631}\u{627}\u{62A} \
        \u{645}\u{635}\u{631} \u{627}\u{6CC}\u{631}\u{627}\u{646} \u{642}\u{637}\u{631} \
        \u{627}\u{644}\u{645}\u{63A}\u{631}\u{628} \u{634}\u{628}\u{643}\u{629} \u{645}\u{648}\u{642}\u{639} \
        \u{92D}\u{93E}\u{930}\u{924} \u{5D9}\u{5E9}\u{5E8}\u{5D0}\u{5DC}
        """.split(separator: " ").map(String.init))
}
