/// One language's words; each list is `|`-separated, and folded before it is compared.
struct LanguageWords: Sendable {
    /// Opt out where they are the whole text.
    var optOut: String
    /// Opt out, and ask to cancel the booking where there is one.
    var optOutThatCancels = ""
    var optIn = ""
    /// The one word that opts back in.
    var fullYes = ""
    var otherYes = ""
    var no = ""
    var help = ""
    /// Ask to cancel a booking and no more.
    var cancel = ""
    /// Opt out anywhere in a text.
    var phrases = ""

    static func split(_ list: String) -> [String] { list.split(separator: "|").map(String.init) }

    /// English: 47 CFR 64.1200(a)(10) and what the providers add; Spanish and French: what US and Canadian carriers ask
    /// for.
    static let builtIn: [String: LanguageWords] = [
        "en": LanguageWords(
            optOut:
                "stop|stop all|unsubscribe|unsub|end|quit|revoke|opt out|remove|stop end|stop quit|stop2end"
                + "|stop2stop|stop2quit",
            optOutThatCancels: "cancel", optIn: "start|unstop", fullYes: "yes",
            otherYes: "y|yeah|yep|yup|yea|sure|yes sir",
            no: "no|n|nope|nah|no thank you|no thanks", help: "help|info|helpme|information", cancel: "c"),
        "fr": LanguageWords(
            optOut: "arrêt|arrêter|arrêtez|arrête|stop|désabonner|désinscrire|désinscription|fin",
            optIn: "commencer|début|reprendre",
            fullYes: "oui", otherYes: "o|ouais", no: "non", help: "aide", cancel: "annuler|annulation",
            phrases:
                "plus de messages|plus de textos|plus de sms|arrêtez de m'envoyer|arrête de m'envoyer"
                + "|arrêtez de m'écrire|ne m'envoyez plus|ne m'écrivez plus|ne plus recevoir"
                + "|arrêtez les messages|désabonnez moi|me désabonner|mauvais numéro|faux numéro|retirez moi"
                + "|enlevez moi|laissez moi tranquille|cessez de m'envoyer"),
        "de": LanguageWords(
            optOut: "stopp|stop|abmelden|abbestellen|ende|austragen|kündigen", optIn: "anmelden", fullYes: "ja",
            otherYes: "j|jawohl", no: "nein|nö", help: "hilfe", cancel: "absagen|stornieren",
            phrases:
                "keine sms mehr|keine nachrichten mehr|keine weiteren nachrichten|nicht mehr schreiben"
                + "|keine texte mehr|schreiben sie mir nicht|schreib mir nicht|falsche nummer"
                + "|lassen sie mich in ruhe|lass mich in ruhe|hören sie auf mir|hör auf mir|melden sie mich ab"
                + "|mich von der liste|mich aus der liste|mich aus dem verteiler|nummer von der liste"
                + "|nummer aus der liste"),
        "es": LanguageWords(
            optOut: "alto|parar|pare|baja|detener|darse de baja|stop|fin|basta", optOutThatCancels: "cancelar",
            optIn: "comenzar|empezar|iniciar", fullYes: "sí", otherYes: "s|claro", no: "no", help: "ayuda",
            cancel: "anular",
            phrases:
                "no más mensajes|no más textos|no quiero más mensajes|no quiero recibir|ya no quiero mensajes"
                + "|ya no quiero recibir|ya no quiero textos|dejen de enviar|dejen de mandar|dejen de escribir"
                + "|dejen de molestar|deje de enviar|deje de mandar|deje de escribir|deja de enviar"
                + "|deja de mandar|deja de escribir|dejen de enviarme|dejen de mandarme|dejen de escribirme"
                + "|deja de escribirme|no me envíen|no me envíe|no me manden|no me mande|no me escriban"
                + "|no me escriba|no me mandes|no me envíes|no me escribas|número equivocado|darme de baja"
                + "|denme de baja|quítenme|quíteme de|bórrenme|déjenme en paz|déjame en paz|dejar de recibir"),
        "pt": LanguageWords(
            optOut: "parar|pare|sair|remover|descadastrar|stop|fim", optOutThatCancels: "cancelar",
            optIn: "começar|iniciar",
            fullYes: "sim", otherYes: "s|claro", no: "não", help: "ajuda", cancel: "desmarcar",
            phrases:
                "não quero mais mensagens|não quero mais receber|não quero receber|não me mande|não me mandem"
                + "|não me envie|não me enviem|pare de enviar|pare de me enviar|pare de me mandar"
                + "|pare de mandar|parem de enviar|parem de mandar|parem de me|chega de mensagens"
                + "|sem mais mensagens|número errado|me tire da lista|me remova|me deixe em paz"
        ),
        "it": LanguageWords(
            optOut: "ferma|fermare|basta|stop|cancellami|disiscrivi|annulla iscrizione", optIn: "inizia|riprendi",
            fullYes: "sì", otherYes: "s|certo", no: "no", help: "aiuto", cancel: "annulla|annullare|disdire|disdici",
            phrases:
                "basta messaggi|basta sms|non scrivetemi|non scrivermi|non mandatemi|non inviatemi"
                + "|non voglio più ricevere|non voglio ricevere|smettetela di scrivermi|smettetela di mandarmi"
                + "|smettila di scrivermi|smettila di mandarmi|smettete di scrivermi|smettete di mandarmi"
                + "|smettete di inviarmi|numero sbagliato|toglietemi dalla|cancellatemi|lasciatemi in pace"
                + "|niente più messaggi"),
    ]

    /// Opt-out words that are looked for behind a slip. Short words are not: any three letters are near `end`.
    static let misspellable = ["stop", "unsubscribe", "cancel", "quit", "revoke", "remove", "optout", "stopall"]
}
