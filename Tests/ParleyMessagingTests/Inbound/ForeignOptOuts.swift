/// Opt-outs in the built-in languages other than English, and other texts, one a line.
enum ForeignOptOuts {
    static let spanish = lines(
        """
        por favor ya no me manden mensajes
        no me vuelvan a escribir
        Quiten mi número de su lista
        borren mi número
        elimine mi número por favor
        no quiero sus mensajes
        ya no quiero que me escriban
        dejen de fregar
        ya déjenme en paz
        basta ya de mensajes
        Ya basta
        se equivocó de número
        número incorrecto
        Este no es el número de Juan
        no soy Juan
        no conozco a ninguna María
        quién es? no me escriba
        no me interesa
        No estoy interesado, gracias
        no autoricé estos mensajes
        yo nunca pedí esto
        cómo dejo de recibir estos mensajes
        ¿Cómo me doy de baja?
        quiero darme de baja
        deme de baja por favor
        cancelar suscripción
        sáquenme de la lista
        dejen de molestarme
        no molesten
        los voy a denunciar
        ya no manden nada
        pare de mandar textos
        """)

    static let otherSpanish = lines(
        """
        no me llegó el mensaje
        no he recibido el código
        ¿a qué hora es mi cita?
        puedo cancelar mi cita del martes
        no puedo ir mañana
        sí, confirmo
        mándeme la dirección por mensaje
        escríbame a este número por favor
        mi número nuevo es 212 555 0199
        no sé
        no hay problema
        ¿me pueden mandar un mensaje cuando esté listo?
        no quiero el color azul
        ya no me duele
        baja la temperatura por favor
        la parada de autobús está cerca?
        el final del mes está bien
        gracias por el mensaje
        no entiendo
        quiero cambiar la hora
        """)

    static let french = lines(
        """
        Merci de ne plus m'envoyer de messages
        arrêtez vos messages svp
        Stop aux SMS
        je ne veux plus recevoir vos textos
        Je ne souhaite plus être contacté
        Ne me contactez plus
        ne m'écris plus
        supprimez mon numéro
        Veuillez retirer mon numéro de votre liste
        enlevez mon numéro
        vous vous trompez de numéro
        vous avez le mauvais numéro
        ce n'est pas le bon numéro
        Je ne suis pas Marie
        je ne connais pas cette personne
        foutez-moi la paix
        laissez-moi tranquille
        ça suffit
        pas intéressé
        Je ne suis pas intéressée merci
        comment me désinscrire
        comment arrêter ces messages?
        je n'ai jamais demandé ça
        j'ai rien demandé
        je n'ai pas donné mon accord
        désinscrivez moi
        plus de message svp
        cessez ces envois
        vous me harcelez
        désabonnement
        """)

    static let otherFrench = lines(
        """
        je n'ai pas reçu le message
        je peux annuler mon rendez-vous?
        à quelle heure
        ne vous inquiétez pas
        je ne peux pas venir demain
        envoyez-moi l'adresse par sms
        merci pour le message
        pas de problème
        je ne sais pas
        mon nouveau numéro est le 514 555 0199
        à la fin du mois
        l'arrêt de bus est loin?
        je voudrais déplacer l'heure
        oui merci
        vous pouvez m'écrire ici
        plus tard svp
        je n'ai plus mal
        le code ne marche pas
        non, mardi
        pas de sucre
        """)

    static let german = lines(
        """
        Bitte schicken Sie mir keine Nachrichten mehr
        bitte keine Nachrichten
        Ich möchte keine SMS mehr bekommen
        ich will keine nachrichten von euch
        hört auf mir zu schreiben
        Hören Sie bitte auf
        Bitte löschen Sie meine Nummer
        löscht meine nummer
        nehmen sie mich von der liste
        Streichen Sie mich aus der Liste
        Sie haben die falsche Nummer
        falsch verbunden
        das ist nicht die Nummer von Peter
        Ich bin nicht Peter
        ich kenne keine Anna
        Lasst mich in Ruhe
        lass mich in Frieden
        kein Interesse
        nicht interessiert
        Ich habe kein Interesse, danke
        wie kann ich das abbestellen
        Wie melde ich mich ab?
        bitte abmelden
        ich habe dem nie zugestimmt
        ich habe mich nie angemeldet
        unterlassen Sie das
        schreiben Sie mir nie wieder
        nie wieder schreiben
        Das ist Belästigung
        ich widerrufe meine Einwilligung
        Es reicht
        nerv nicht
        """)

    static let otherGerman = lines(
        """
        ich habe keine Nachricht bekommen
        kann ich meinen Termin absagen
        wann ist mein Termin
        ich komme etwas später
        bitte schreiben Sie mir die Adresse
        das ist meine neue Nummer
        keine Ahnung
        kein Problem
        nicht schlimm
        ich kann morgen nicht
        am Ende des Monats
        danke für die Nachricht
        der Code funktioniert nicht
        nein, Dienstag
        ich will nicht so lange warten
        schicken sie mir eine sms
        ich habe keine Schmerzen mehr
        bin nicht zu Hause
        wie spät
        Melden Sie sich bitte
        """)

    static let portuguese = lines(
        """
        não me mande mais mensagens
        parem de me mandar mensagem
        não quero mais receber
        tirem meu número da lista
        apague meu número
        número errado
        não sou o João
        não tenho interesse
        me deixem em paz
        como faço para parar essas mensagens
        quero sair da lista
        chega
        """)

    static let otherPortuguese = lines(
        """
        não recebi a mensagem
        que horas é a consulta
        não posso ir amanhã
        me mande o endereço
        obrigado pela mensagem
        não sei
        sem problema
        posso cancelar minha consulta
        """)

    static let italian = lines(
        """
        non mandatemi più messaggi
        basta con questi messaggi
        non voglio più messaggi
        cancellate il mio numero
        togliete il mio numero dalla lista
        ha sbagliato numero
        non sono Marco
        non mi interessa
        lasciatemi stare
        smettetela
        come faccio a cancellarmi
        non scrivermi più
        """)

    static let otherItalian = lines(
        """
        non ho ricevuto il messaggio
        a che ora è l'appuntamento
        non posso venire domani
        mandami l'indirizzo
        grazie per il messaggio
        non lo so
        nessun problema
        posso disdire l'appuntamento
        """)

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}
