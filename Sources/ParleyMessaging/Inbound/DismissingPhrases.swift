/// Ways to say "wrong number" and "go away", and no to "may we text you?".
extension OptOutPhrases {
    // MARK: wrong person, rude words

    static let dismissing: [Row] = [
        Row(
            id: "wrong_number", pattern: "wrong {wrong}", media: .text, guards: [.ownAct, .condition],
            unsure: "for on in was is were showed came", never: "of"),
        Row(
            id: "wrong_number",
            pattern: "you|youve|u have|got|called|dialed|reached|texting|texted|messaging got? the? wrong {wrong}",
            guards: [.condition], unsure: "for on in", never: "of"),
        Row(id: "wrong_number", pattern: "{dont} the right {wrong}", media: .text, guards: []),
        Row(id: "wrong_number", pattern: "isnt|nolonger|not {!own} number|phone|cell", media: .text, guards: []),
        Row(id: "wrong_number", pattern: "nobody here? by|with|named that|this name", media: .text, guards: []),
        Row(id: "wrong_number", pattern: "nobody {any}? here", verdict: .unsure, media: .text),
        Row(
            id: "wrong_number", pattern: "{dont} know anyone|any|who|you|anybody {any}? {any}? {any}? $",
            verdict: .unsure, media: .text),
        .held("wrong_number", "this isnt|not {!notMine} $", [.whole]),
        Row(id: "wrong_number", pattern: "nolonger|not at|using|on this number|phone|line", media: .text, guards: []),
        Row(id: "wrong_number", pattern: "number|phone|it|this doesnt|isnt belong", media: .text, guards: []),
        Row(
            id: "wrong_number", pattern: "doesnt|dont|nolonger have|use|own this number|phone|cell $", media: .text,
            guards: []),
        Row(id: "go_away", pattern: "go away|fuck|screw|to yourself|hell? $", media: .text, guards: [.whole]),
        Row(
            id: "go_away", pattern: "go fuck|screw|to|f yourself|urself|hell|yourselves", media: .text,
            guards: [.negation]),
        Row(
            id: "go_away", pattern: "fuck|piss|f|eff|bugger|sod|buzz|screw|naff|fucking off", media: .text,
            guards: [.negation]),
        Row(id: "go_away", pattern: "get|back lost|off|bent $", media: .text, guards: [.whole]),
        Row(id: "go_away", pattern: "fuck|screw you", verdict: .unsure, media: .text),
        Row(id: "who_stop", pattern: "who|whos {gap}* is|are? {gap}* stop", media: .text, guards: [], never: "by at"),
    ]

    // MARK: no to "may we text you?"

    static let answering: [Row] = [
        Row(id: "rather_not", pattern: "rather|prefer|prefers not", media: .answer, guards: []),
        Row(id: "rather_not", pattern: "rather|prefer you? didnt|dont|not", media: .answer, guards: []),
        Row(id: "dont", pattern: "please? dont $", media: .answer, guards: [.whole]),
        Row(id: "call", pattern: "call|phone|ring|email|mail me? us? instead|rather|only", media: .answer, guards: []),
        Row(id: "call", pattern: "just|only|please|rather call|phone|email|ring me?", media: .answer, guards: [.call]),
        Row(
            id: "call", pattern: "prefer|rather a|you|the|to|have? a? phone? call|calls|email", media: .answer,
            guards: [.call]),
        Row(
            id: "call", pattern: "call|calls is|would|are be? better|easier|best|fine",
            media: .answer, guards: [.call]),
        Row(
            id: "no_texts",
            pattern:
                "i|we dont|cant|nolonger {adverb}* use|do|get|have|receive|read|text|message {gap}* {texts}|texting? $",
            media: .answer, guards: []),
        Row(id: "no_texts", pattern: "land line", media: .answer, guards: []),
        Row(id: "no_texts", pattern: "landline", media: .answer, guards: []),
        Row(id: "no_texts", pattern: "not|no by|over|via|with text|texts|sms|message", media: .answer, guards: []),
        Row(
            id: "no_texts", pattern: "dont|wont|nolonger need|want {want}* {texts}|it|one|that", media: .answer,
            guards: [.others]),
        Row(id: "no_texts", pattern: "no need", media: .answer, guards: []),
        Row(id: "no_texts", pattern: "not interested|comfortable|necessary", media: .answer, guards: []),
        Row(id: "no_texts", pattern: "skip {gap}* {texts}", media: .answer, guards: [.negation]),
        Row(
            id: "no_texts", pattern: "absolutely|definitely|certainly|course|really|probably not $", media: .answer,
            guards: []),
    ]
}
