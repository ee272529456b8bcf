/// The word classes of the phrase grammar, in the spelling of `PlainWords`.
enum PhraseWords {
    static let stop = set("stop stopping quit quitting cease halt desist refrain")
    static let texting = set(
        "texting messaging contacting spamming bothering harassing bugging pestering annoying hounding smsing")
    static let text = set("text message sms texting")
    static let bother = set("contact bother harass bug pester spam annoy hound disturb")
    static let textPlurals = set(
        "texts messages notifications alerts reminders promos promotions spam ads marketing communications"
            + " communication correspondence solicitations sms blasts textmessages mms")
    static let texts = textPlurals.union(
        set(
            "text message offers updates junk crap bullshit bs shit garbage nonsense contact newsletters"))
    static let me = set("me us him her them")
    static let phone = set("number phone cell mobile line cellphone name contact info digits")
    static let gap = set(
        "all the these this those that your my any anymore of further future other additional such unwanted"
            + " annoying stupid damn goddamn fucking f fuck hell heck bloody with to from me us text sms automated"
            + " automatic marketing promotional spam dumb random constant daily endless so many much more kind type"
            + " you people guys and please just silly it unsolicited a an group")
    static let these = set("these this those them it that shit stuff things anything crap bullshit junk")
    static let dont = set("dont never nolonger not")
    static let didnt = set("didnt never dont")
    static let adverb = set("ever please you even fucking bloody just be keep try to dare also really")
    /// Between "don't want" and what is not wanted.
    static let want = gap.union(set("get receive have see be keep getting receiving being sending send hear anything"))
    static let who = set("me us my our this the number phone cell name contact info his her mobile")
    static let lists = set(
        "list lists listing database db system systems texts text contacts messages thread chat group"
            + " distribution campaign campaigns notifications alerts reminders this these here it sms")
    static let listWords = set(
        "of from out your this that the all any every fucking damn stupid text texting texts sms messaging"
            + " message messages contact contacts mailing calling call phone marketing spam distribution group"
            + " notification alert promo reminder client customer send")
    static let wrong = set("number person phone guy man woman lady dude recipient numbers people cell girl")
    static let own = set("my our the a your right good best only correct an")
    static let sign = set(
        "sign signed signing ask asked request requested subscribe subscribed agree agreed consent consented"
            + " authorize authorized enroll enrolled approve approved remember opt opted gave give given")
    static let signFill = set(
        "up in to for you be been get getting receive receiving any signing my anybody anyone asking")

    /// Words that a closed phrase may stand before.
    static let closing = set(
        "please thanks now again anymore ever or and im i its you ok okay lol at all immediately because asap"
            + " period wtf stop who bro man dude lady sir already this right from so ffs its he she we they thats"
            + " just or else unless until on no not here")
    /// Words that may stand around a stop or a dismissal without changing it.
    static let companions = set(
        "please now it that this already just ok okay thanks i said all everything right immediately asap"
            + " again god omg jesus fucking fuck ffs seriously lol me sir no hey hi hello go away who whos you dis"
            + " are hell we everyone dude bro man wtf f off and im sorry really yes oh want to ive re sent from my"
            + " iphone")
    static let afterStop = set(
        "i im id ill ive who whos wrong dont no not or thanks already its ur immediately bro man nobody we"
            + " you please")
    static let stopNouns = set(
        "bus the a my your next last train tram pit one first full rest truck metro subway every quick non"
            + " door whistle each second third final another this that dead short single two back")
    static let stopAdverbs = set(
        "by at in for over off sign signs taking bleeding light on near before here there and light eating"
            + " smoking using")
    static let dismissals = set("interested number person thanks already dis again enough more spam please now").union(
        OptOutLanguages.trailing)
    static let writing = set("reply text send type txt message respond write say the word")

    static let negators = set("dont didnt never not wont cant doesnt wouldnt shouldnt without")
    static let betweenNegation = set(
        "to want wish ever really please you me like think say saying mean just should gonna going need have"
            + " asking trying be")
    static let others = set("you they he she it if why people who")
    static let speaker = set("i ill im we well gotta lemme let id")
    static let auxiliaries = set(
        "have to need must will should going am gonna can cant just better really been not be")
    /// Before an "if" that is only polite.
    static let wishing = set(
        "appreciate great nice like love glad prefer grateful mind thankful best good happy wish asking")
    static let telling = set("told tell telling asked ask asking beg begging said saying say warned repeat")
    /// Between "told" and "stop": no "me", which the doctor tells.
    static let told = set("you people guys all it the word to 2 please already this yall")
    /// "Will the bleeding stop", "where do you want me to stop".
    static let asksAboutStopping = set(
        "will would wont does do did dont doesnt when where how what which why can cant could should to it"
            + " never if until a")
    static let asking = set("can could would will must should better may")
    static let threats = set("if unless since because")
    static let reporting = set("got get getting have had received receive saw see were are there still was")
    static let schedule = set(
        "schedule calendar waitlist waiting wait cancellation appointment appointments book books hold"
            + " speaker standby today tomorrow am pm monday tuesday wednesday thursday friday saturday sunday slot")
    static let acts = set("gave give put called dialed dialled texted text entered typed wrote have had left listed")

    static let classes: [String: Set<String>] = [
        "stop": stop, "texting": texting, "text": text, "bother": bother, "plurals": textPlurals, "texts": texts,
        "me": me, "phone": phone, "gap": gap, "these": these, "dont": dont, "didnt": didnt, "adverb": adverb,
        "want": want, "who": who, "lists": lists, "listWords": listWords, "wrong": wrong, "own": own, "sign": sign,
        "signFill": signFill, "told": told,
    ]

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }
}
