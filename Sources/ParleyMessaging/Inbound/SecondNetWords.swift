/// The word classes of the second net, in the spelling of `PlainWords`.
enum SecondNetWords {
    static let contact = PhraseWords.textPlurals.union(PhraseWords.texting).union(
        set("text texted message messaged contacted subscription texter spammed mensajes blast robotexts thread"))
    /// What a sender keeps of somebody.
    static let address = set("list lists database contacts texts number telephone registry subscription")
    /// After "text": it is somebody's act, and no complaint.
    static let objects = set("me us you him her back when if my once")

    static let ends = set(
        "stop stopping quit quitting cease desist discontinue discontinued unsubscribe block blocking mute silence"
            + " terminate optout halt purge erase wipe remove removed removing delete deleting disable deactivate"
            + " refrain withdraw revoke scrub suppress stopped ceasing ending pause nomore exclude "
            + "excluded unlist opt prevent eliminate"
    )
    /// After "stop": what senders do beside texting.
    static let nagging = set(
        "asking reminding soliciting selling trying trolling nagging pushing stalking begging bugging emailing reaching"
            + " notifying alerting pinging wasting waking")
    static let nots = set(
        "dont didnt never not nobody no without wont cant none isnt wasnt nolonger aint doesnt havent hasnt nor wouldnt"
            + " neither zero nothing")
    static let refusals = set(
        "want wanted need ask asked request requested sign signed agree agreed consent consented authorize authorized"
            + " approve approved permission subscribe subscribed enroll enrolled care interested like welcome opt opted"
            + " registered appreciate allow allowed permitted wish desire solicit asking wanting invited useful"
            + " relevant necessary interest use bother business")
    static let sour = set(
        "hate despise loathe annoying annoyed irritating irritated bothering harassing harass harassment harassed"
            + " invasive intrusive unwanted unsolicited unwelcome uninvited relentless ridiculous insane crazy nuts"
            + " disgusting creepy creeping excessive nonstop incessant constant constantly bombard bombarding bombarded"
            + " flood flooding flooded inundated barrage spam spamming spammed spammy junk pester pestering nuisance"
            + " stalking obnoxious illegal unlawful violation violating violates privacy scam scammer scammers scams"
            + " phishing fuck fucking damn shit bullshit crap hell enough wtf ffs bots worst awful stupid "
            + "dislike useless pointless painful hurts upsetting distracting disturbing confuse confuses "
            + "scare scares freaking"
            + " bothersome unacceptable desperate overkill unprofessional wake woke waking sue waste "
            + "wasting pissed pissing mad"
    )
    static let sourPairs: [String: Set<String>] = [
        "sick": ["of"], "tired": ["of"], "fed": ["up"], "over": ["it", "this", "these"], "done": ["with"],
        "too": ["many", "much"], "so": ["many"], "way": ["too"], "non": ["stop"], "cant": ["stand"],
        "every": ["day", "single", "hour", "week"], "go": ["away"], "all": ["day", "night"],
    ]

    /// Texts as things, or texting.
    static let messages = contact.union(set("text message reminder texting reminding notification alert"))
    /// They did not come, or cannot be used.
    static let missing = set(
        "get got getting receive received receiving see saw seen came come coming arrive arrived open load work works"
            + " working show showed find through were was yet here back finish read sent send deliver "
            + "delivered answer answered"
    )
    static let harmless = set(
        "link open find code photo picture sure mind forget worry hesitate remember know think miss "
            + "missed delete deleted lost"
            + " cancel understand understood show match correct right portal address time but see sorry "
            + "problem worries voice"
    )
    static let temper = set("annoying annoyed enough ridiculous harassment unacceptable relentless ugh argh grr stop")
    static let bareEnds = set("stop stopping cease desist end")
    static let around = set(
        "can could would will you it this these they must need needs has have had got should to be going all them make"
            + " want wish i like id kindly beg begging do is there way mind time soon today now once for "
            + "good both either"
    )
    static let hostile = set(
        "shame shameful ashamed karma pathetic loser losers scum scumbag scumbags creep creeps idiot "
            + "idiots moron morons"
            + " asshole assholes jerk jerks decency disrespectful unethical asshats bitch bitches bastards "
            + "dickhead prick"
            + " disgusting scammer scammers spammer spammers")
    static let lists = set("list lists database mailing subscribers directory")
    static let offs = set("off out dont never not who why without remove removed exclude")
    static let exclamations = set(
        "so very too as hell jesus christ god lord goodness sake for you your again is are these this oh "
            + "my ffs every time"
            + " day getting another one absolutely getting such super beyond people")

    static let costs = set("cost costs costing owe charge charges charged pay paying rates roaming expensive")

    /// Fill a clause, with small words around them.
    static let dismissals = Set(
        ("out|off|exit|leave|mute|unfollow|leave group|leave chat|leave this chat|leave the chat|leave "
            + "the group|cancel me|end me|"
            + "c and d|bye felicia|i said no|said no|no means no|no no|no no no|hell no|fuck no|absolutely "
            + "not|no way|not happening|let me be|leave me be|give it a rest|"
            + "give me a break|give it up|drop it|back off|get a job|get a real job|get a life|get lost|"
            + "get bent|go to hell|"
            + "hope you choke|choke|drop dead|die|fu|f you|fuck|fuck fuck|fuck fuck fuck|scam likely|fuck "
            + "you|fuck u|gtfo|kma|stfu|smd|kys|eat it|suck it|bite me|beat it|scram|shoo|begone|"
            + "this is bs|bs|bullshit|this is bullshit|this is some bullshit|never again|not again|not "
            + "another one|not you again|rather not|id rather not|i rather not|too much|too often|way too "
            + "much|way too often|"
            + "way too many|not wanted|unwanted|no consent|no permission|dont want|do not want|dont need|"
            + "dont want it|dont care|i dont care|who cares|"
            + "left alone|want to be left alone|leave it alone|no more|nomore|no mas|no thank you not "
            + "interested|nobody asked|i didnt ask|didnt ask|"
            + "not a customer|not my name|not my appointment|not my problem|pass hard|hard pass|im out|"
            + "count me out|try someone else|"
            + "seriously stop|cool it|chill out|calm down|are you serious|are you kidding me|you again|who "
            + "asked|wtf|wtf is this|what the fuck|piss off|bugger off|go away")
            .split(separator: "|").map(String.init))

    /// Said of a sender whatever stands beside it.
    static let law = set("fcc ftc tcpa bbb dnc ofcom gdpr")
    static let lawyers = set(
        "sue suing lawsuit lawyer lawyers attorney attorneys legal court police cops complaint "
            + "complaints report reporting reported"
            + " authorities fine fined damages")

    static let deaths: [String: Set<String>] = [
        "passed": ["away", "on", "last", "in"], "nolonger": ["with", "alive", "living"], "is": ["dead"],
        "hes": ["dead"], "shes": ["dead"], "lost": ["their"],
    ]
    /// Somebody lives on and has plans, or what died is no person.
    static let living = set(
        "so need reschedule move miss cancel appointment phone battery car dog cat tree plant laptop computer fish"
            + " puppy kitten engine power inspection test exam charger grass truck")

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }
}
