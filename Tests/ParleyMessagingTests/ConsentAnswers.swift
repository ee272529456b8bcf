/// Answers to "may we text you?", one a line.
enum ConsentAnswers {
    /// Clear yeses.
    static let yes = lines(
        """
        yes please go ahead
        yes that works
        yeah sure thing
        sure please do
        absolutely go ahead
        yes you may text me
        yes please send me a text message
        ok yes go ahead
        yes thanks that would be great
        yes that's perfect
        oh yes that would be lovely
        sure no problem
        yes no problem
        yeah of course
        of course you can
        definitely yes
        sure text me at this number
        yes send me the details
        yeah send the link
        yes a text is fine
        that's fine yes
        that's totally fine
        yes feel free
        yes ma'am go ahead
        yeah you can go ahead and text me
        uh sure
        um yes please
        yes i agree to that
        yes i do consent
        yes indeed
        yes go ahead and text me
        yeah that'd be great
        sure that would be fine
        yes that would be fine
        yes i would like that
        yeah please do
        okay yes please
        ok sure
        alright yes
        yes absolutely
        yes of course you can
        sure you can
        yes you can send me a text
        yes send it to this number
        yes to this number
        yes at this number please
        yes on my cell
        sure send it over
        yeah send it over please
        yeah text me the address
        yes please text me the link
        yeah you can text it to me
        yep go ahead
        yup that's fine
        yup sounds good
        yeah sounds great
        yes i'd appreciate that
        yes it's fine
        yeah it's fine
        it's okay yes
        yes okay
        yes ok thank you
        yes perfect
        perfect yes
        great yes please
        yes yes please
        yes do that
        yes do it
        yeah do that
        yes i'm okay with that
        i'm okay with that
        i'm fine with that
        yes i'm fine with texts
        that's all right with me
        yes that's alright
        i'd be happy to get a text yes
        yes i'd like a text
        yes a text would be great
        a text would be great
        sure a text works
        yes please send me the text
        please send me a text yes
        yes i accept
        yes i approve
        yes permission granted
        yes you have my permission
        yes consent
        yes i do
        yes i would
        yes definitely please
        most definitely
        certainly you may
        yes certainly
        hell yes
        heck yeah
        yeah man
        yes dear
        yes honey go ahead
        yes please thank you so much
        yes thank you that would be helpful
        why yes
        oh yes
        oh sure go ahead
        well yes
        well sure go ahead
        yes
        yes please
        yeah go ahead
        sure you can text me
        yes that's fine send it
        absolutely
        please do
        yep text me
        yeah
        yep
        yup
        sure
        yes sure
        yes go ahead
        yes you can
        yes you may
        yes i agree
        i agree
        yes of course
        of course
        definitely
        yes definitely
        certainly
        yeah that's fine
        yeah that's okay
        yes that's okay
        yes that would be great
        that would be great
        that'd be great thanks
        yes thank you
        yes thanks
        sure go ahead
        sure that's fine
        sure thing go ahead
        go ahead and text me
        you can text me
        yes you can text me
        yes text me
        yeah text it to me
        yes please text it to me
        yes send it
        yes send me a text
        yeah send me a text message
        yes i consent
        i consent to that
        """)

    /// Everything else, with a yes-word in most of it.
    static let others = lines(
        """
        yes sir may i ask who this is
        yes and my other question
        yes then what
        yes because
        yes or not
        yes when
        yes where
        yes my address is the same
        yes the same number
        yes i am
        yes i was
        yes we did
        yes they do
        yes it is
        yes it was
        yes there is
        yes is there a fee
        yes if i can stop it later
        yes until friday
        yes except on sundays
        yes in spanish
        yes one time
        yes later
        yes next time
        yes never
        yes not
        yes no thanks
        yes thanks but no
        sure no
        sure not now
        sure but no texts
        absolutely no
        of course no
        definitely no
        totally wrong
        great thanks
        okay great
        perfect
        go
        send
        text
        link
        sounds
        that works or not
        you can try
        you may have the wrong number
        you can if you like
        i agree but
        i consent if
        yes who's calling
        yes which number
        yes what for
        yes why
        yes how often
        yes how much does it cost
        yes is it free
        yes once
        yes just once
        yes just this once
        yes but only once
        yes unless it costs
        yes as long as it's free
        yes depending
        yes i think
        yes i think so
        yes i guess
        yes probably
        probably
        possibly
        could be
        sure if you have to
        sure maybe later
        sure later
        sure next week
        sure but not today
        sure not really
        sure sure
        yeah yeah
        yeah yeah whatever
        yeah whatever
        oh sure
        yeah sure right
        yeah i don't think so
        yeah i don't want that
        yeah no thanks
        yeah what
        yeah who is this
        yeah hold on
        yeah one second
        yeah wait
        yeah hello
        yeah i'm here
        yeah this is him
        yeah that's me
        yes that's me
        yes that's right
        yes that's correct
        yes correct
        that's right
        that's correct
        yes the number is right
        yes my number is four one five
        yes i got it
        yes i got the text
        yes i got your text
        yes you texted me yesterday
        yes you already text me
        yes i text
        yes i can text
        yes i have a phone
        yes it's a cell phone
        yes it's a landline
        yes this is a cell
        yes but it's a landline
        yes i need help
        yes please hold
        yes please cancel
        yes please help me
        yes please don't
        please don't
        please stop
        yes stop
        yes end
        yes thank you goodbye
        yes bye
        yes i want to talk to a person
        yes representative
        yes transfer me
        yes tell me
        yes tell me more
        yes go back
        yes repeat that
        yes say that again
        yes next
        yes continue
        yes that one
        yes the first one
        yes the second one
        yes three people
        yes in the morning
        yes ten am
        yes at ten
        yes for tuesday
        yes for two
        yes to both
        yes to the first
        yes to everything
        yes to the table
        yes for my son
        yes for him
        """)

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}
