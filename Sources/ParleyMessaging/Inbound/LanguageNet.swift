/// The second net in the built-in languages other than English, whichever are configured: what it holds is read by a
/// person. Words count by their first letters, so that "manden", "mande" and "mandes" are one.
struct LanguageNet: Sendable {
    /// Words for ending, beside one of `contacts`.
    private let ends: [String]
    /// Texts, numbers, lists, and sending them.
    private let contacts: [String]
    private let nots: Set<String>
    /// What must not be done: with a "not" close by.
    private let acts: [String]
    /// After a "not", and beside one of `contacts`.
    private let wants: Set<String>
    /// After a "not", whatever else is there.
    private let denials: [String]
    /// "I am", in a clause of few words after a "not": "no soy Juan".
    private let being: Set<String>
    /// Anywhere in the text.
    private let phrases: [[String]]

    private static let near = 4
    private static let maxNameClause = 5

    static func holds(_ text: FoldedText) -> Bool {
        let clauses = text.clauses.map { $0.words.map(\.text) }
        return all.contains { net in clauses.contains { net.holds($0) } }
    }

    private func holds(_ words: [String]) -> Bool {
        if phrases.contains(where: { phrase in words.indices.contains { words[$0...].starts(with: phrase) } }) {
            return true
        }
        let hasContact = words.contains { Self.isAny(contacts, $0) }
        for (index, word) in words.enumerated() {
            let around = words[..<index].suffix(Self.near) + words[(index + 1)...].prefix(Self.near)
            let isNot = nots.contains(word)
            if Self.isAny(ends, word), around.contains(where: { Self.isAny(contacts, $0) }) { return true }
            if isNot, around.contains(where: { Self.isAny(acts, $0) }) { return true }
            let isAfterNot = words[..<index].suffix(Self.near).contains { nots.contains($0) }
            let isBeforeNot = words[(index + 1)...].prefix(2).contains { nots.contains($0) }
            if isAfterNot || isBeforeNot, Self.isAny(denials, word) { return true }
            if (isAfterNot || isBeforeNot), wants.contains(word), hasContact { return true }
            if (isAfterNot || isBeforeNot), being.contains(word), words.count <= Self.maxNameClause { return true }
        }
        return false
    }

    private static func isAny(_ stems: [String], _ word: String) -> Bool { stems.contains { word.hasPrefix($0) } }

    private init(
        ends: String, contacts: String, nots: String, acts: String, wants: String, denials: String, being: String,
        phrases: String
    ) {
        func list(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }
        self.ends = list(ends)
        self.contacts = list(contacts)
        self.nots = Set(list(nots))
        self.acts = list(acts)
        self.wants = Set(list(wants))
        self.denials = list(denials)
        self.being = Set(list(being))
        self.phrases = phrases.split(separator: "|").map { list(String($0)) }
    }

    /// Folded: no accents, no apostrophes.
    private static let all = [spanish, french, german, portuguese, italian]

    private static let spanish = LanguageNet(
        ends: "dejen dejar dejo deje deja paren parar pare basta cese elimin borr quiten quitar quita saquen saque"
            + " cancelar cancelen deteng detener bloque",
        contacts: "mensaj texto sms numero lista notificac recordatorio publicidad recib escrib mand envi molest fregar"
            + " suscripc llamar",
        nots: "no nunca jamas tampoco", acts: "mande envie escriba moleste contacte vuelva llamen insista",
        wants: "quiero queremos deseo quisiera necesito",
        denials: "interesa interesad autoric pedi solicit conozc acepto",
        being: "soy somos",
        phrases: "ya basta|basta ya|equivoco de numero|equivocaron de numero|numero equivocado|numero incorrecto"
            + "|no es el numero|no es mi numero|doy de baja|darme de baja|dar de baja|deme de baja|denme de baja|en paz"
            + "|los voy a denunciar|los denuncio|voy a bloquear|no mas mensajes|ya no vive aqui|murio|"
            + "fallecio|sus mensajes molestan"
    )
    private static let french = LanguageNet(
        ends: "arret cess stop supprim retir enlev efface rayez annule",
        contacts:
            "message texto sms numero liste envoi envoy notification menvoy mecri recevoir contact ecrire rappels",
        nots: "ne pas plus jamais rien nai aucun",
        acts: "menvoy envoyez mecri contact ecrivez derang recontact textez texto mappel",
        wants: "veux veut souhaite voudrais desire", denials: "interess demande accord autoris connais consent inscri",
        being: "suis",
        phrases:
            "trompez de numero|trompe de numero|bon numero|mauvais numero|faux numero|mauvaise personne|"
            + "la paix|ca suffit"
            + "|desinscription|desinscrivez|desinscrire|desabonner|desabonnement|desabonnez|vous me "
            + "harcelez|harcelement|tranquille"
            + "|plus de message|comment arreter|est decede|est mort|je porte plainte|je vous bloque")
    private static let german = LanguageNet(
        ends: "losch abbestell abmeld streich entfern nehm nimm unterlass stopp widerruf aufhor beend austrag einstell",
        contacts:
            "nachricht sms texte textnachricht schreib schick nummer liste verteiler kontakt send daten "
            + "einwilligung zusend"
            + " erinnerung werbung bekommen erhalten",
        nots: "keine kein keinen nicht nie niemals", acts: "schreib schick send kontaktier belastig nerv stor",
        wants: "will wollen mochte mochten wunsche brauche",
        denials: "interesse interessiert zugestimmt angemeldet erlaub eingewilligt kenne bestellt gefragt",
        being: "bin",
        phrases:
            "bitte keine|falsch verbunden|falsche nummer|falsche person|in ruhe|in frieden|es reicht|"
            + "jetzt reichts|belastigung|melde ich mich ab"
            + "|nicht die nummer|nicht meine nummer|horen sie auf|horen sie bitte auf|hort auf|hor auf|"
            + "unterlassen sie|abbestellen|abmelden|nie wieder"
            + "|verstorben|ist gestorben|mein anwalt|ich blockiere")
    private static let portuguese = LanguageNet(
        ends: "pare parem parar tire tirem remov apag exclu chega cancelar sair descadastr delet bloque",
        contacts: "mensag sms numero lista mand envi receb contato notificac", nots: "nao nunca sem",
        acts: "mande envie escreva ligue contate perturbe incomode", wants: "quero queremos desejo preciso",
        denials: "interesse interessa interessad autorizei pedi conheco", being: "sou somos",
        phrases:
            "em paz|numero errado|pessoa errada|chega|ja chega|me descadastr|faleceu|morreu|vou bloquear|"
            + "vou denunciar|esse numero nao"
    )
    private static let italian = LanguageNet(
        ends: "basta smett cancell toglie rimuov fermare fermate elimin disiscri bloccat",
        contacts: "messagg sms numero lista scriv mand invi ricever contatt notific", nots: "non mai niente",
        acts: "scriv mandat mandarmi inviat contattat disturb", wants: "voglio vogliamo desidero",
        denials: "interessa interessat autorizzat chiesto conosco", being: "sono siamo",
        phrases:
            "sbagliato numero|numero sbagliato|persona sbagliata|in pace|lasciatemi|lasciami|smettetela|"
            + "smettila|basta cosi"
            + "|cancellarmi|cancellatemi|e morto|e deceduto|vi denuncio|vi blocco")
}
