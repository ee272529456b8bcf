/// Ways to say that texts are not wanted, to be taken off a list, to be left alone.
extension OptOutPhrases {
    // MARK: not wanted

    static let notWanting: [Row] = [
        Row(id: "dont_want", pattern: "{dont} want|wish|wanting {want}* {texts}", guards: [.others], unsure: "to"),
        Row(
            id: "dont_want", pattern: "{dont} need|like|care|appreciate {want}* {plurals}", guards: [.others],
            unsure: "to for"),
        Row(
            id: "dont_want",
            pattern:
                "{dont} want|wish|like|need {want}* texting|texted|messaging|messaged|contacting|contacted|bothered",
            guards: [.others]),
        Row(id: "dont_want", pattern: "{dont} want|wish|need {want}* {text}|{bother} {me}", guards: [.others]),
        Row(id: "dont_want", pattern: "{dont} want|wish {want}* these|this|anymore $", guards: [.others]),
        Row(id: "dont_want", pattern: "{dont} want|wish to receive|get {want}* $", guards: [.others]),
        Row(id: "dont_want", pattern: "{dont} interested {gap}* $", media: .text, guards: [.whole]),
        Row(
            id: "dont_want", pattern: "{dont} interested in {gap}* {texts}|service|services|product|products",
            media: .text, guards: []),
        Row(
            id: "dont_want", pattern: "sick|tired|done|fed|enough up? of|with {gap}* {texts}|{texting}",
            guards: [.negation]),
        Row(
            id: "dont_want", pattern: "sick|tired|done|fed|enough up? of|with getting|receiving {gap}* {texts}|these",
            guards: [.negation]),
        Row(
            id: "dont_want", pattern: "rather|prefer|like not to? {want}* {texts}|texted|contacted|messaged", guards: []
        ),
        Row(id: "dont_want", pattern: "{dont} want|wish|need|care to? hear|hearing from {gap}* you|this|them|anyone"),
        Row(id: "dont_want", pattern: "{dont} want|wish|like to? be? on|in {listWords}* {lists}"),
        Row(id: "hate_texts", pattern: "hate|despise {want}* {texts}|{texting}", verdict: .unsure),
        Row(
            id: "not_asked", pattern: "{didnt} {sign} {signFill}* {gap}* {texts}|texted|contacted|messaged|{texting}",
            guards: [.others]),
        Row(
            id: "not_asked", pattern: "{didnt} {signed} {signFill}* this|these|it|that|anything|any? $",
            media: .text, guards: [.others, .condition]),
        Row(id: "not_asked", pattern: "{didnt} sign|signed up $", guards: [.others, .condition], unsure: "on"),
        Row(
            id: "not_asked",
            pattern: "{didnt} give|gave|given you|anyone|anybody|them|out? my? permission|consent|number",
            guards: [.others, .condition]),
        Row(id: "no_consent", pattern: "{dont} consent {gap}* {want}* {texts}|texted|contacted", guards: [.others]),
        Row(id: "no_consent", pattern: "{dont} consent to? this? $", media: .text, guards: [.others]),
        Row(
            id: "no_more", pattern: "no more|further|additional {gap}* {texts}|texting|messaging|contact",
            guards: [.report]),
        Row(
            id: "no_more", pattern: "no {gap}* {plurals}", guards: [.report],
            never: "from yet since today received in on came have showed"),
        Row(id: "no_more", pattern: "no text|sms $", guards: [.report, .whole], never: "from yet"),
        Row(id: "no_more", pattern: "no more $", media: .text, guards: [.report, .whole]),
        Row(id: "no_more", pattern: "enough already?", verdict: .unsure, media: .text, guards: [.whole]),
        Row(id: "too_many", pattern: "too many|much {gap}* {texts}", verdict: .unsure, media: .text),
        Row(
            id: "why_texts", pattern: "why|how {any}? {any}? {any}? texting|messaging|contacting|spamming {me}",
            verdict: .unsure, media: .text),
        Row(
            id: "why_texts", pattern: "why am i? still? getting|receiving {gap}* {texts}|these|this", verdict: .unsure,
            media: .text),
        Row(
            id: "why_texts", pattern: "who|how|where {any}? {any}? get|got|gave|have {gap}* my number",
            verdict: .unsure, media: .text),
    ]

    // MARK: take me off, leave me alone

    static let leaving: [Row] = [
        Row(
            id: "take_off",
            pattern:
                "take|get|let|remove|pull|drop|strike|scratch|delete|cut|kick|taken|removed {who}* off|from|of|out"
                + " {listWords}* {lists}"
        ),
        Row(
            id: "take_off",
            pattern: "take|get|remove|pull|drop|strike|scratch|cut|taken my|our|this? me|us|number|name|cell off|out $",
            guards: [.usual, .schedule]),
        Row(id: "take_off", pattern: "want|wish|like|need to? be? off|out of? {listWords}* {lists}"),
        Row(
            id: "take_off", pattern: "want|wish|like|need|asked|asking to be removed|deleted|unsubscribe|gone $",
            guards: [.usual, .schedule]),
        Row(
            id: "take_off",
            pattern: "take|get|remove my|our cell|number|phone|name off|from {who}* account|accounts|file",
            verdict: .unsure, guards: [.schedule]),
        Row(id: "take_off", pattern: "remove|delete|drop|unlist me|us $", guards: [.usual, .schedule], unsure: "from"),
        Row(
            id: "take_off", pattern: "take|remove|pull|drop|scratch me|us|name off|from|out", verdict: .unsure,
            guards: [.schedule]),
        Row(
            id: "lose_number",
            pattern:
                "remove|delete|erase|lose|forget|scrub|purge|trash|ditch|block|removing my|this|our|the|that"
                + " number|phone|cell|contact|digits",
            guards: [.usual, .schedule], unsure: "on for"),
        Row(
            id: "lose_number",
            pattern: "delete|erase|lose|purge|wipe|scrub|trash my|this|our|the? contact|info|data|details",
            verdict: .unsure, media: .text),
        Row(id: "lose_number", pattern: "lose|forget|delete|erase you have|had|got|know? my|this number"),
        Row(
            id: "lose_number", pattern: "delete|erase {gap}* data|info|information|account|record|details",
            verdict: .unsure, media: .text),
        Row(
            id: "leave_alone", pattern: "leave me|us|him|her|this|my {phone}? family? {gap}* alone|be|tf",
            guards: [.usual], unsure: "there"),
        Row(id: "cease", pattern: "cease and desist"),
        Row(id: "do_not_list", pattern: "dont|no text|call|contact list|registry|listed", guards: [.others]),
        Row(
            id: "block", pattern: "block|blocking|blocked|reporting|reported you $",
            media: .text, guards: [.condition]),
        Row(
            id: "block",
            pattern: "block|blocking|blocked|reporting|reported {gap}* number|spam|texts|harassment", media: .text),
        Row(
            id: "block", pattern: "report {gap}* spam|texts", verdict: .unsure, media: .text),
        Row(id: "block", pattern: "reporting|reported|report you|this as? {any}?", media: .text, guards: [.condition]),
        Row(id: "spam", pattern: "this|its|thats is? {gap}* harassment|spam $", media: .text, guards: [.condition]),
        Row(
            id: "spam", pattern: "spam|spammer|spammers|scam|scammer spam? spam?",
            verdict: .unsure, media: .text, guards: [.whole]),
        Row(id: "law", pattern: "tcpa|fcc", verdict: .unsure, media: .text),
        Row(id: "law", pattern: "harassing|harassment $", verdict: .unsure, media: .text, guards: [.whole]),
    ]
}
