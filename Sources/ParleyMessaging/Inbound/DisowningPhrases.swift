/// Ways to say "you have the wrong person", "I never asked", "I am no customer of yours", "or else". Held for a person.
extension OptOutPhrases {
    // MARK: not me, never asked, or else

    static let disowning: [Row] = [
        .held("not_me", "keep|keeps|kept|still getting|receiving {any}? {any}? {texts}|reminder"),
        .held("not_me", "his|her|their|elses {texts}"),
        .held("not_me", "if i|we {any}? get|receive|see {any}? {any}? {any}? {texts}"),
        .held("not_me", "put|entered|gave|listed|typed|wrote {any}? my|this number in|by|as|down"),
        .held("not_me", "number in|by|as? mistake|error|accident"),
        .held("not_me", "my|this number {any}? {any}? remove|delete it|this"),
        .held("not_me", "by mistake|error|accident remove|delete|please|take"),
        Row(id: "not_me", pattern: "incorrect {wrong}", media: .text, guards: [.ownAct]),
        .held("not_me", "im|i not|isnt {!state} $", [.whole]),
        .held("not_me", "this|thats not|isnt|aint {!state} $"),
        .held("not_me", "theres|is|isnt|aint no|a|an|any {!things} here|at"),
        .held("not_me", "doesnt|dont live|lives|work|works|stay|exist here|there|at", [.others]),
        .held(
            "not_me",
            "{dont} know|heard|recognize|recognise of? this|you|yall|your|that person|guy|number|sender|"
                + "company|business|people? $"),
        .held(
            "not_me",
            "not|isnt|nolonger|never|aint been|was? the|a|an|your|that|this? right? person|patient|patients|"
                + "customer|customers|client|clients|member|owner|tenant|guy|one $"),
        .held("not_me", "just|recently|newly got|have|acquired this|a|my new? number|phone"),
        .held("not_me", "trying|looking|wanting|meant to|for reach|contact|find|text|message", never: "you yall the"),
        .held("not_me", "someone|somebody|anybody elses|else number|phone|now|has|instead? $"),
        .held("not_me", "no {!thing} here $"),
        .held("not_me", "you|youre|youve|yall been? are? keep? {texting}"),
        .held("not_me", "im|is|are a|under? minor|child|underage"),
        .held("not_me", "patient|holder|customer|owner|client|resident has|is|have passed|expired|died|gone|dead"),
        .held("not_me", "never met|heard|known|knew"),
        Row(
            id: "not_me",
            pattern: "shouldnt|not be|supposed to? be? on|getting|receiving this|these|that|your|any|here",
            verdict: .unsure, media: [.text, .speech], guards: []),
        .held("not_me", "not|arent|isnt meant|intended|supposed? to? be? for|to me|us"),
        .held("not_me", "not for me|us $"),
        .held("not_me", "who {any}? {any}? why you|yall {texting}"),
        .held("not_me", "name is? not|isnt"),
        .held("not_me", "the wrong party $"),
        .held("not_me", "moved|moving out|away {any}? {any}? ago|long|back"),
        .held("not_me", "who put|added|signed|gave me|us|my on|to|up|in"),
        .held("not_me", "selling|sold|sell|bought|buying|sharing|shared my|our {phone}|info|data|information"),
        .held("not_me", "bad|incorrect number|contact|recipient|phone"),
        .held("not_me", "not|isnt a good|correct|valid|working number|contact|phone"),
        .held("not_me", "isnt|not the|a right|correct {wrong}"),
        .held("not_me", "is|have|has|got|reached|texted|texting the? wrong {!thing} $"),
        .held("not_me", "he|she|they moved|relocated|left|retired|quit away|out? $"),
        .held("not_me", "doesnt|dont|nolonger work|works for us|here"),
        .held("not_me", "someone|somebody|peoples|person elses|other|peoples {texts}|reminder|account|appointment"),
        .held("not_me", "elses {texts}|account|number"),
        .held("not_me", "not|isnt the|a|his|her|their|my emergency? contact|guardian|caregiver"),
        .held("not_me", "attorney general"),
        .held(
            "not_me",
            "my|our attorney|lawyer|lawyers has|have|is|will|was been? notified|hear|contact|contacting|be"),
        .held("not_me", "invasion|violation|violates|violating|invading|violate of? my? privacy|rights"),
        .held("not_me", "mistaken identity|me"),
        .held("not_me", "confused|mixed me|up with"),
        Row(
            id: "not_asked",
            pattern:
                "{dont}|no recall|remember|recollection|memory of? ever? giving|signing|subscribing|"
                + "asking|agreeing|opting|consenting|joining|requesting",
            media: .all, guards: [.others]),
        .held("not_asked", "no idea|clue why|how|what|who {any}? {any}? {any}? {texting}|{texts}|these|this|sending"),
        .held(
            "not_asked",
            "permission|consent|right|authorized|authority|allowed|welcome|business to|for {text}|{bother}|"
                + "{texting}"),
        Row(
            id: "not_asked",
            pattern: "who said|says|told|gave you|yall {any}? {any}? {text}|{texting}|contact|permission",
            verdict: .unsure, media: [.text, .speech], guards: []),
        .held(
            "why_texts",
            "why|come {any}? {any}? {any}? {any}? getting|receiving|sending|get|receive|send {gap}* {texts}|"
                + "these|this $"),
        .held("why_texts", "keep|keeps|kept getting|receiving|gettin {gap}* these|this $"),
        .held("why_texts", "keep|keeps|kept getting|receiving|gettin {gap}* {texts}"),
        Row(
            id: "or_else",
            pattern:
                "if you|yall|i {any}? {any}? {text}|{bother}|{texts} {me}? from? {any}? {any}? {any}? "
                + "time|again|more|you",
            verdict: .unsure, media: [.text, .speech], guards: []),
        .held("or_else", "sue|suing you|your|yall|if|over|for"),
        .held("or_else", "{text}|{bother} {me} {any}? {any}? again|time and|or|ill|im|i|you|see|i"),
        .held("or_else", "you|youre|your|yall {any}? {any}? harassing|harassment"),
        .held("or_else", "blocked|blocking {any}? {any}? {any}? numbers|you|your"),
        .held("or_else", "one|1 more of|from? these|this|{texts}|you", [.report]),
        .held("not_me", "wrong {!thing} $", [.whole]),
        .held("not_me", "not|isnt mine|me $", [.whole]),
        .held("not_me", "not my number|name|phone"),
        .held("not_me", "ex wife|husband|boyfriend|girlfriend|roommate|tenant|employee"),
        .held("not_me", "she|he|they|has|shes|hes got|has|have a|an? new|different number|phone|cell"),
        .held("not_me", "nolonger {left}"),
        .held(
            "not_me",
            "is|its|reached|texting|to a|an|my? private|personal|work|business|company|home|childs|kids|"
                + "minors|landline|office|government|hospital|school|church|shared|family|emergency number|pager|"
                + "phone|line|cell|landline? $", [.call]),
        .held("not_me", "not|isnt who you|youre|u"),
        .held("not_me", "meant|intended for|to {any}? someone|somebody|another|a"),
        .held("not_me", "have|got|reached the? wrong contact|one|family|house|household|customer|client"),
        .held(
            "no_customer",
            "never|havent|didnt ever? been|did|done|do|dealt|used|bought|visited|shopped|met|heard|worked|"
                + "had|ordered|spoken {any}? {any}? {any}? you|your|yall|there", [.others]),
        .held(
            "no_customer",
            "dont have|use|know|need|want|do|go {any}? {any}? {any}? with|from|to you|your|yall|there", [.others]),
        .held("no_customer", "dont use|go|need|want your|you|there", [.others]),
        .held(
            "no_customer",
            "dont need|want a|any|another loan|insurance|job|warranty|quote|service|services|help $", [.others]),
        .held(
            "no_customer",
            "left|closed|quit|leaving|ended|canceled|cancelled my|our|your|the account|practice|membership|"
                + "company|office|church|school"),
        .held("no_customer", "nolonger|not a? part|member of {any} program|list|group|thread|study|club|plan"),
        .held("not_me", "not in service|use"),
        .held("not_me", "who are you|yall people|guys|all"),
        .held("no_customer", "not|isnt|nolonger for sale"),
        .held("no_customer", "not|nolonger selling|buying|voting|hiring|shopping|looking|donating"),
        .held(
            "no_customer",
            "already voted|bought|sold|donated|own|found|have a|an|one|it|someone|another? place|car|dentist|"
                + "house|agent? $"),
        .held("not_asked", "what|which list is this"),
        .held("not_asked", "did i|we ever? sign|subscribe|ask|agree up? to|for this|these|it"),
        .held(
            "not_asked",
            "sure|idea|understand why|how im|i|my|you {any}? {any}? getting|receiving|on|in|get {gap}* "
                + "{texts}|these|this|{lists}"),
        .held("not_asked", "{dont} store|save|keep|share|sell my|this|our {phone}|number|data"),
        .held("not_asked", "why you|yall {any}? {texting}|text"),
        .held("not_asked", "consent|permission is|was|hereby? withdrawn|revoked|denied|rescinded"),
        .held("not_asked", "revoke|revoking|withdraw|withdrawing {any}? {any}? {any}? consent|permission"),
        .held("not_asked", "{texting} a? stranger|strangers|people|random"),
        .held("not_me", "im|i not {!state} and|so|please|stop"),
        .held("not_me", "nolonger has|have|own|owns this|that|the {phone}"),
        .held("not_me", "changed her|his|their number|phone"),
        .held("not_me", "number {any}? given|listed|entered|used by|in|to"),
        .held("not_me", "is this|that even? legal|allowed"),
        .held("not_me", "{dont}|idk know? any|a {!thing} $", [.whole]),
        .held(
            "how_on_list",
            "how|why did|am|was i|we|my {any}? get|got|end|ended? signed|put|added|enrolled|subscribed"),
        .held("how_on_list", "you|youre|yall people|guys|all? are? so? really? {temper}"),
        .held(
            "how_on_list",
            "how|why did|am|im|was|come i? get|got|end|ended|put|still? up? on|in {listWords}* {lists}"),
        .held(
            "why_texts",
            "how|howd|why|where|whered {any}? {any}? get|got|find|found|have my|this|our|the {phone}|"
                + "information|details", never: "to for"),
        .held("why_texts", "why would|are|do|did|r you|yall|they {any}? {text}|{texting}|{bother}|send|sending"),
        .held("why_texts", "why am|do|did|would i {any}? {any}? getting|receiving|receive|get this|it|these? $"),
        .held("not_asked", "no permission|consent|authorization"),
        .held("not_asked", "who authorized|approved|asked|gave this|that|you|these"),
        .held("not_asked", "nobody asked|wants|cares|likes you|for|this|it|these? $", [.whole]),
        .held("or_else", "filing|file|filed|lodge|lodging|making a|an? {any}? complaint|suit|lawsuit with|against? $"),
        .held(
            "or_else",
            "hear|hearing|heard|call|calling|contact|contacting from? my|our|the|a lawyer|attorney|cops|"
                + "police"),
        .held("or_else", "youre|you|yall|this|its is|are? illegal|unlawful|violating|breaking|against"),
        .held("data", "delete|erase|remove|forget|wipe {gap}* personal? data|info|information|details|records"),
    ]
}
