/// The word classes of the phrase grammar, in the spelling of `PlainWords`.
enum PhraseWords {
    static let stop = set("stop stopping quit quitting cease halt desist refrain")
    static let texting = set(
        "texting messaging contacting spamming bothering harassing bugging pestering annoying hounding smsing reminding"
            + " notifying")
    static let text = set("text message sms texting")
    static let bother = set("contact bother harass bug pester spam annoy hound disturb")
    static let textPlurals = set(
        "texts messages notifications alerts reminders promos promotions spam ads marketing communications"
            + " communication correspondence solicitations sms blasts textmessages mms")
    static let texts = textPlurals.union(
        set(
            "text message offers updates junk crap bullshit bs shit garbage nonsense contact newsletters"))
    static let me = set("me us him her them")
    static let phone = set("number phone cell mobile line cellphone telephone name contact info digits")
    static let gap = set(
        "all auto the these this those that your my any anymore of further future other additional such unwanted"
            + " annoying stupid damn goddamn fucking f fuck hell heck bloody with to from me us text sms automated"
            + " automatic marketing promotional spam dumb random constant daily endless so many much more kind type"
            + " you people guys and please just silly it unsolicited a an group")
    static let these = set("these this those them it that shit stuff things anything crap bullshit junk")
    static let dont = set("dont never nolonger not")
    static let didnt = set("didnt never dont")
    static let adverb = set("ever please you even fucking bloody just be keep try to dare also really")
    /// Between "don't want" and what is not wanted.
    static let want = gap.union(set("get receive have see be keep getting receiving being sending send hear anything"))
    static let who = set("me us my our this the number phone cell telephone name contact info his her mobile")
    static let lists = set(
        "list lists listing database db system systems texts text contacts messages thread chat group"
            + " distribution campaign campaigns notifications alerts reminders this these here it sms thing"
            + " program programme feed service services")
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
        "up in into of to for you be been get getting receive receiving any signing my anybody anyone asking")

    /// Words that a closed phrase may stand before.
    static let closing = set(
        "please thanks now again anymore ever or and im i its you ok okay lol at all immediately because asap"
            + " period wtf stop who bro man dude lady sir already this right from so ffs its he she we they thats"
            + " just or else unless until on no not here sorry")
    /// Words that may stand around a stop or a dismissal without changing it.
    static let companions = set(
        "please now it that this already just ok okay thanks i said all everything right immediately asap"
            + " again god omg jesus fucking fuck ffs seriously lol me sir no hey hi hello go away who whos you dis"
            + " are hell we everyone dude bro man wtf wth lmao bruh yo omfg smh bye at all anymore k kk "
            + "nah nope yeah yea f off and im sorry really yes oh want to ive re sent from my"
            + " iphone")
    static let afterStop = set(
        "i im id ill ive who whos wrong dont no not thanks already its ur immediately bro man nobody we"
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
            + " speaker standby today tomorrow am pm monday tuesday wednesday thursday friday saturday "
            + "sunday slot noon class lesson session course shift"
    )
    static let acts = set("gave give put called dialed dialled texted text entered typed wrote have had left listed")

    /// After "I'm not": how somebody is, or what they do; any other word may be a name.
    static let states = set(
        "sure feeling coming going ready able here home well ok okay free available interested certain happy mad upset"
            + " in at on the a an my your that this done there available allergic working getting seeing finding late"
            + " mine it good bad right ideal fair correct true going urgent possible about worried too so"
            + " really very all even yet now again today tomorrow to gonna what how where who when why driving using"
            + " paying asking complaining trying looking taking saying joking kidding picky busy hungry comfortable"
            + " positive familiar as for from with by near far always much bothered surprised sick feeling up out off"
            + " talking leaving moving buying available needed necessary enough either not anymore cool funny great")
    /// "There's no parking here."
    static let things = set(
        "parking one water heat power signal wifi ac hot room space service place way elevator need answer line lock"
            + " key keys sign light lights cell reception chair chairs restroom bathroom problem rush reason gas soap")
    static let ask = set(
        "do can could would should might i you we to someone somebody one a the me help is there for of any it")
    static let ending = set(
        "stop stopping end ending quit block blocking silence mute disable pause suspend")
    static let dropping = set("withdraw discharge excuse exclude release disenroll unenroll clear purge wipe")
    /// "Wrong button": no person.
    static let wrongThings = set(
        "with button chat thread window tab place floor building door day time date order size color "
            + "address side tooth file"
            + " link code room item one way answer turn exit key keys unit apartment apt train bus bill "
            + "box item medicine prescription spelling email charge amount name password of on for in one "
            + "problem pain fever more need worries longer rush parking good luck"
    )
    /// After "no longer".
    static let left = set(
        "uses owns work works live lives with using use employed reachable part associated looking client interested")
    static let temper = set(
        "annoying relentless insane creepy pathetic ridiculous unbelievable spammers scammers assholes idiots")
    static let detach = set("erase delete detach disconnect unlink cross strike disassociate separate")
    static let keep = set("to for of keep kept you any continue more these the me us my so many your further please")
    static let fed = set("all with of getting receiving the your you this these hearing seeing being")

    static let classes: [String: Set<String>] = [
        "stop": stop, "texting": texting, "text": text, "bother": bother, "plurals": textPlurals, "texts": texts,
        "me": me, "phone": phone, "gap": gap, "these": these, "dont": dont, "didnt": didnt, "adverb": adverb,
        "want": want, "who": who, "lists": lists, "listWords": listWords, "wrong": wrong, "own": own, "sign": sign,
        "signFill": signFill, "signed": sign.subtracting(["gave", "give", "given"]), "told": told, "state": states,
        "things": things, "ask": ask, "ending": ending,
        "keep": keep, "fed": fed, "drop": dropping, "thing": wrongThings, "left": left, "detach": detach,
        "temper": temper, "notMine": own.union(states),
    ]

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }
}
