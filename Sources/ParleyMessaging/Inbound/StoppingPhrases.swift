/// Ways to say "stop" and "do not".
extension OptOutPhrases {
    /// After "don't text me": when, and what, which limits it.
    static let limits =
        "until till before after while during when if between today tonight tomorrow yet unless about"
        + " the a an my your it that to"

    // MARK: stop it

    static let stopping: [Row] = [
        Row(
            id: "stop_texting", pattern: "{stop} {gap}* {texting}", guards: [.usual, .speaker], unsure: "my her his",
            never: "while"),
        Row(id: "stop_texting", pattern: "{stop} {gap}* {texting} my|this|our {phone}"),
        Row(
            id: "stop_texting", pattern: "if you stopped|quit {gap}* {texting}|sending|calling {me}?",
            guards: [.negation]),
        Row(id: "stop_texting", pattern: "quit|halt it|that|this $", media: .text, guards: [.whole]),
        Row(
            id: "stop_texting", pattern: "you|they guys|people|all? keep|keeps {texting}|sending", verdict: .unsure,
            media: [.text, .speech]),
        Row(
            id: "stop_calling", pattern: "{stop} {gap}* calling|phoning|ringing|emailing {me} $",
            guards: [.usual, .call]),
        Row(
            id: "stop_calling", pattern: "{stop} {gap}* calling|phoning|ringing this|my number|phone|cell",
            guards: [.usual, .call]),
        Row(id: "stop_sending", pattern: "{stop} {gap}* sending {gap}* {texts}"),
        Row(id: "stop_sending", pattern: "{stop} {gap}* sending {me}? {these}* to? {me}? $"),
        Row(id: "stop_sending", pattern: "{stop} {gap}* sending", verdict: .unsure, never: "to money"),
        Row(id: "stop_sending", pattern: "{stop} {gap}* blowing up my|our phone|cell|number"),
        Row(id: "stop_texts", pattern: "{stop} {gap}* {texts}", guards: [.usual, .speaker]),
        Row(
            id: "stop_texts", pattern: "{stop} {gap}* getting|receiving {gap}* {texts}|these|this|them|those",
            guards: .usual),
        Row(id: "stop_texts", pattern: "{texts} {gap}* need|needs|have|has|must|should|better|to|gotta|can to? stop"),
        Row(id: "stop_texts", pattern: "make|get|have|want|need {gap}* {plurals} to? stop|end|cease"),
        Row(
            id: "stop_texts", pattern: "make|get|want|need {gap}* {texts}|these|this to? stop",
            media: [.text, .answer]),
        Row(id: "stop_texts", pattern: "cut|knock it|that out|off with? {gap}* {texts}|{texting}"),
        Row(id: "stop_texts", pattern: "make it|them stop", media: .text, guards: [.usual, .whole]),
        Row(
            id: "told_to_stop",
            pattern: "said|saying|told|telling|asked|asking|texted|replied|sent|typed|wrote {told}* stop $",
            media: .text,
            guards: [.condition]),
        Row(
            id: "write_stop", pattern: "reply|text|send|type|respond with? stop", verdict: .unsure, media: .text,
            never: "by at"),
        Row(
            id: "cancel_texts",
            pattern:
                "cancel|end|cut|kill|nix|mute|remove|terminate|disable|deactivate|discontinue|pause"
                + " {gap}* {plurals}|texting|subscription", never: "box order"
        ),
        Row(id: "cancel_texts", pattern: "turn|shut|switch off {gap}* {texts}"),
        Row(id: "cancel_texts", pattern: "turn|shut|switch {gap}* {texts} off"),
        Row(
            id: "unsubscribe", pattern: "unsubscribe", guards: [.negation, .condition],
            unsure: "policy button link page"),
        Row(
            id: "opt_out", pattern: "opt|opting|opted {who}* out", guards: [.negation, .condition],
            unsure: "of for from at"),
        Row(id: "opt_out", pattern: "optout", guards: [.negation, .condition], unsure: "of for from at"),
        Row(
            id: "opt_out",
            pattern:
                "opt|opting|opted {who}* out of|from|for {gap}* receiving|getting|being? {gap}* {texts}|these"
                + "|this|everything|all",
            guards: [.negation, .condition]),
        Row(
            id: "opt_out", pattern: "opt|opting|opted {who}* out of|from|for {gap}* {texts}|these|this|everything|all $"
        ),
        Row(
            id: "revoke",
            pattern: "revoke|revoking|withdraw|withdrawing|rescind {gap}* consent|permission|authorization|approval"),
        Row(id: "revoke", pattern: "i hereby? revoke $", media: .text),
    ]

    // MARK: do not

    static let forbidding: [Row] = [
        Row(id: "dont_text", pattern: "{dont} {adverb}* {text} {me}", guards: [.others, .condition], unsure: limits),
        Row(
            id: "dont_text", pattern: "{dont} {adverb}* {text}|{bother} {me}? {gap}* {plurals}",
            guards: [.others, .condition]),
        Row(
            id: "dont_text",
            pattern: "{dont} {adverb}* text|message|sms|contact|bother {me}? {gap}* again|anymore|ever|crap|shit|junk",
            guards: [.others, .condition]),
        Row(
            id: "dont_text", pattern: "{dont} {adverb}* {text} $", guards: [.others, .condition, .speaker],
            unsure: "until unless and"),
        Row(
            id: "dont_text", pattern: "{dont} {adverb}* text|message|contact|bother my|this|that|our {phone}",
            guards: [.others]),
        Row(
            id: "dont_text",
            pattern:
                "{dont} {adverb}* call|phone|email|contact|text {me}? or|and|nor email? text|message|contact {me}?",
            guards: [.others], never: "drive"),
        Row(id: "dont_text", pattern: "{dont} {adverb}* {bother} {me}", guards: [.others, .condition], unsure: limits),
        Row(id: "dont_text", pattern: "{dont} {adverb}* contact $", guards: [.others, .condition, .speaker]),
        Row(
            id: "dont_text", pattern: "{dont} {adverb}* {text}", verdict: .unsure,
            guards: [.others], never: "and back"),
        Row(id: "dont_text", pattern: "{dont} be|keep|start|go|continue {texting}", guards: [.others]),
        Row(id: "dont_text", pattern: "no texting|messaging|spamming|contacting $", never: "back"),
        Row(id: "dont_text", pattern: "you cant|shouldnt|mustnt {adverb}* text|message|contact {me}", guards: [.usual]),
        Row(
            id: "dont_text",
            pattern:
                "rather|prefer|appreciate {any}? {any}? didnt|not|dont|stop to? be? text|texted|message|contact"
                + "|contacted",
            guards: []),
        Row(
            id: "dont_text",
            pattern:
                "{dont} have|give|given|allowed|authorized|permitted {gap}* permission|consent|right? to"
                + " text|contact|message"
        ),
        Row(
            id: "dont_text", pattern: "not|arent|isnt allowed|authorized|permitted to text|contact|message|use"),
        Row(id: "dont_text", pattern: "{dont} {adverb}* use this|my|our {phone}", guards: [.others]),
        Row(id: "dont_text", pattern: "{dont} have|given {gap}* permission|consent|approval $"),
        Row(
            id: "dont_call", pattern: "dont|never {adverb}* call {me}? {gap}* again|anymore|ever",
            guards: [.others, .call]),
        Row(
            id: "dont_call", pattern: "dont|never {adverb}* call {me} $", verdict: .unsure, media: .text,
            guards: [.others, .call]),
        Row(
            id: "dont_send", pattern: "{dont} {adverb}* send {gap}* {texts}", guards: [.others, .condition],
            unsure: "to"),
        Row(
            id: "dont_send", pattern: "{dont} {adverb}* send {gap}* {texts} to me|us|this|my|our|here",
            guards: [.others]),
        Row(
            id: "dont_send",
            pattern:
                "{dont} {adverb}* send {me}? {gap}* anything|nothing|anymore|these|this|those|stuff|again|more else? $",
            guards: [.others, .condition]),
        Row(id: "dont_send", pattern: "{dont} {adverb}* send {me}? $", verdict: .unsure, guards: [.others]),
    ]
}
