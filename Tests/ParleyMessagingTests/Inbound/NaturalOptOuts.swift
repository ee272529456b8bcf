/// Opt-outs and other texts and turns as people write and say them, one a line.
enum NaturalOptOuts {
    /// Texts that ask for no more texts, or say that they reach the wrong person.
    static let texts = lines(
        """
        Sorry but I'm not a client of yours, please remove this number
        can you guys please stop with the reminders I know when my appointment is
        I got my teeth done somewhere else so you can take me off
        hi, kindly stop. I have told the office twice
        this number belongs to a church, no texts please
        Please quit sending messages meant for Mr. Lopez
        I am not Mr. Lopez!!
        tell Mr. Lopez to give you his real number. Stop texting mine
        idk any lopez
        you're sending these to the wrong phone
        my number was given to you by mistake, delete it
        I got this phone last month and you keep texting for someone named Kim
        kim doesnt have this number any more
        Its not kims phone
        she's no longer with us, please stop
        My wife passed and these reminders are painful
        Please stop, my father is deceased
        I do not give you permission to use my number
        nobody gave you the right to text me
        I never gave my number to your company
        I didn't authorize text messages
        I did not opt in to texts
        how is this legal
        you cannot text me without my consent
        texting without consent is illegal
        I will sue you
        I'm calling my lawyer
        I've contacted the FCC about your texts
        Reported. Do not text again
        one more text and I'm reporting you
        last time I'm asking, STOP
        I have asked nicely. Now stop.
        how many times must I ask you to stop
        Are you people dumb? I said stop
        learn to read, I said stop
        jesus stop
        OMG STOP ALREADY
        please for the love of god no more texts
        im so sick of these texts
        tired of getting texts from you
        I hate getting these
        ugh stop texting
        these texts are so annoying
        stop annoying me
        you text way too much
        too many texts please stop
        I get like 4 of these a day, stop
        it's 6 in the morning, stop texting
        dont text me at night or ever
        I work nights, stop waking me up
        I'm at work don't text
        dont text this it's my work phone
        not interested bye
        not interested at all
        no interest, remove me
        Nah not interested
        no thank you, stop
        NO THANK YOU REMOVE ME
        no ty unsubscribe
        please unsubscribe this phone
        unsubscribe now!!
        UNSUBSCRIBE. NOW.
        i unsubscribed why am i still getting these
        why am I still on this list
        why am i getting texts
        get me off the list
        pls get my # off ur list
        remove from list
        Remove from your list please
        take off list
        take off my number
        delete from your records
        Delete from contacts
        erase my contact
        lose my digits
        forget my number
        don't keep my number
        please don't use this number anymore
        Do not use this phone number to contact me
        contact me by email only
        call me, do not text
        I want calls not texts
        No texting. Call only.
        stop texting and call me like a normal person
        dont msg
        do not message
        dont send msgs
        Don't send me texts please
        don't send these
        stop sending these!
        stop sending me stuff
        quit sending me crap
        stop all this
        cancel everything, don't text me
        cancel my subscription
        end subscription
        turn off reminders
        turn these texts off
        can you turn off the messages
        can I turn these off
        Hello, this number no longer belongs to Mrs. Patel. Please stop messaging.
        take this number out of your contact list please, we are a restaurant
        pls dont send me texts im not a patient there
        I have no clue who you are so stop texting
        who r u
        who are you and why are you texting me
        Hey I'm not Jessica and I keep getting her appointment reminders
        please correct your records, Jessica's number is not this one
        I asked you guys to stop last week and you are still doing it
        STOP! I've never been to your office
        stop this madness
        enough w these texts
        no thx stop
        no thanks remove me from this
        I don't want these anymore please stop
        i dont want ur reminders
        I don't need text reminders anymore
        no longer need text reminders
        no more appointment reminders
        don't send me any more
        do not send any more messages to this number
        never send me a message again
        stop using this number
        don't use this number
        please don't contact my cell
        I only want phone calls not texts
        only email me please
        can you email instead of texting
        i would rather you not text
        I'm going to have to ask you to stop
        I am formally asking you to cease contact
        Do not contact. This is your notice.
        You do not have consent to contact me
        I never gave consent
        Didn't give you permission
        don't have permission to text
        this is illegal stop
        I'm reporting this
        report spam
        Reporting this as spam
        spam text
        junk
        junk texts stop
        unsolicited text, remove me
        You have wrong number please delete
        wrong number please delete it
        Wrong number, take it off
        this is the wrong number for him
        he no longer has this number
        she changed her number
        my son doesn't use this phone
        the person you want is dead
        She died in 2021. Stop.
        sadly he passed away, please remove him from your list
        please remove my late husband from your texts
        leave me out of this
        leave me out
        leave my mom alone
        get off my phone
        get off my back
        get me off this text chain
        remove me from the chain
        im done with this, remove me
        Done. Unsubscribe.
        done with these texts
        over these texts
        so tired of these
        tired of this
        sick of these messages
        these are annoying
        annoying!!! stop
        you are so annoying
        stop it you creeps
        screw you
        screw off with your texts
        f*** off
        Fuck off
        fuck you stop texting
        go to hell
        shut up
        Shut it down
        Shut these off
        turn off texts
        turn off text notifications pls
        disable notifications
        how do I disable these
        how to turn off
        how do i make these texts stop
        what do i text to stop
        what do I text to opt out
        do I reply stop to end?
        reply stop
        text stop
        STOP to opt out
        I'm texting STOP
        i typed stop already
        said stop yesterday
        told u to stop
        told you no
        i told you im not interested
        """)

    /// Texts to a clinic, a salon, a landlord, a helpdesk that ask for nothing of the kind.
    static let otherTexts = lines(
        """
        I'm a client of Maria's, is she in today
        I know when my appointment is thanks
        I got my teeth cleaned last month so skip that
        my church needs the hall Sunday
        the message for Mr. Lopez is at the desk
        Mr. Lopez gave me your number
        what's the real address
        I got this phone last week, how do I set up the app
        kim will pick up the kids
        it's Kim's birthday
        she's with us
        My wife passed her boards!
        I give you permission to enter the unit
        I gave my number at the desk
        did I authorize the deposit
        is street parking legal
        can I park without a permit
        I will see you at 5
        I'm calling the bank
        I've contacted my insurance
        one more question
        last time it took an hour
        I asked for the corner table
        how many times a week do I ice it
        are pets allowed
        learn to swim class at 4?
        omg that's gorgeous
        please hurry the water is everywhere
        I'm so sick I can't get out of bed
        tired but better today
        I hate to reschedule again
        the stairs are so annoying with crutches
        I get a headache about 4 times a day
        it's 6 in the morning and the alarm is going off
        I work nights so only afternoons
        I'm at work till 5
        is that my work number on file
        at all costs save the tree lol
        I have no interest charges right?
        no thank you, just water
        why am I still on hold
        why am I getting a fever
        get me on the list
        remove from cart
        Remove from the fridge 10 min before
        take off 15 minutes early
        take off my shoes?
        delete from the order the fries
        do you keep my card on file
        please don't use the front stairs
        Do not use the elevator with the couch
        contact me by email or text
        call me or text
        I want blue not green
        No smoking. Balcony only?
        don't send the red ones
        stop sending the crew so early please
        stop all work until I get there
        cancel everything on Tuesday
        cancel my subscription box order
        end of story lol
        turn off reminders app keeps crashing my phone
        can you turn off the fan
        how do I get out of the parking lot
        what's the code to get in
        gate code?
        no more ice
        bus stop or train stop closer?
        the stop is on 5th
        non stop flight please
        I'll stop for milk
        we stopped at the wrong house
        don't stop there, keep going to the blue door
        wish it would stop raining
        can you stop calling me Mrs lol, Ann is fine
        is my number 7 in line
        what list?
        the list you sent is missing page 2
        alert me when the table is ready
        notify me please
        remind me the day before
        please remind me by text
        text reminders would be great
        how do I get reminders
        my reminders are set for email, can you switch to text
        switch me to text reminders
        I like the text reminders
        I love getting these
        thanks for texting
        thanks for the heads up
        appreciate the message
        nice to meet you
        you too
        Who should I make the check to
        what is the deposit
        why not Friday
        no 2pm is full?
        I said 2pm
        not 2, 3
        nothing works
        Hello, this is Mrs. Patel, I need to move my appointment
        take the old fridge when you deliver please
        we are a party of 4
        who are you sending to fix it
        I have no clue where to park
        Jessica's appointment is at 4 not 5
        please correct the spelling of my name
        you are still open right
        never been on a horse, is that ok
        madness at the mall, running late
        I don't need reminders for the boys, only for me
        I don't need the number, I have it
        no more appointments this week?
        don't send any more samples
        do not send the plumber before 9
        use this number
        this number only please
        I only want a trim
        email me instead of mailing
        can you email the form
        I'm going to have to ask for a later time
        I am asking about my deposit
        consent signed
        I gave consent last visit
        junk removal quote please
        is junk pickup Tuesday
        the spam sandwich was great lol
        please delete it and reorder
        take it off the bill
        she changed her mind
        my son doesn't use an inhaler
        the phone line is dead
        late husband, I mean he's running late
        please remove my late fee
        leave it out on the porch
        leave me 2 if you can
        leave my mail with the office
        get off at exit 9
        get me on this week
        off the chain lol great haircut
        we're done with the boxes
        Done. Sent.
        so tired of the pain
        tired of the same lunch menu lol
        these are great
        so annoying when the app crashes
        screw is loose on the door
        hell of a job thanks
        shut the door behind you
        shut the gas off
        turn off the lights when you go
        disable my card
        how do I disable the alarm
        what do I bring
        what do I text to get the code
        what time do you stop
        do I reply here to confirm
        reply all?
        text START?
        I'm texting from my work phone
        Can I stop by to sign the papers today
        I'm at the stop, where are you
        Last stop before home, be there at 6
        is it ok if I stop taking them when I feel better
        My baby won't stop crying, can we see someone today
        The dishwasher stopped mid cycle
        please stop the package at the front office
        can they stop working on the roof before 8am
        stop it haha
        I can't make the 2pm, can I cancel
        Please cancel Thursday and book Friday
        What happens if I cancel last minute
        Cancel my ride
        I cancelled with my old provider already
        cancel one of the tickets
        ends at 5 right
        what's the end time
        Which weekend
        the end of the hallway, second door
        My lease ends soon and I want to renew
        quit raining so we can paint
        I quit my job Friday, does my coverage continue
        Remove staples when?
        Could you remove the virus from my laptop
        remove the second guest from the reservation
        Please remove the old appliance
        take the old couch too
        can the crew take off early
        Take off your shoes at the door?
        take me off the noon class, put me in 5pm
        Is my name on the list
        Please add me to the cancellation list
        what's on the supply list
        number 4 please
        What number do I call after hours
        my number hasn't changed
        this number is good
        this number works for texts
        Use this number for texts, the other is a landline
        text me at this number instead
        """)

    /// What callers say, as recognisers write it.
    static let turns = lines(
        """
        i don't want any more texts from you people
        can you stop all those text messages i keep getting
        please do not text my number
        i asked you before not to text me
        i want to stop getting text messages
        could i be taken off the text message list
        my number should not be on your text list
        i didn't sign up for these texts
        stop texting my mother
        quit messaging us
        no more text messages to this phone
        i'd like my number removed from the messages
        unsubscribe my number please
        don't message me again
        don't contact me by text
        i don't want you texting me
        you're not allowed to text me
        can you turn off text notifications
        i would rather not get texts
        please stop bugging me with texts
        i'd like you to stop texting me please
        can you make sure i don't get any more text messages
        you guys keep texting me and i don't want it
        i don't want to be texted anymore
        please take my name off the text list
        is there any way to stop the text messages
        yeah i need to stop getting these messages
        i'm calling to stop the text messages
        i'm calling because i keep getting your texts and i never signed up
        i'm calling to get my number off your list
        i want my number removed
        i want my number taken off
        just don't send me any texts
        no don't text me
        okay but don't text me
        yes but please don't text me
        don't be texting me
        don't you text me
        do not send me texts
        do not send anything to my phone
        quit it with the texts
        no more of those texts
        i don't do text messages
        i can't receive text messages
        i don't want messages on my phone
        you don't have my permission to send texts
        who told you you could text me
        i didn't give permission for text messages
        i didn't ask for any texts
        i never asked you to text me
        stop with the texts already
        stop all the texts
        stop all messages to this number
        end the text messages
        discontinue the text messages please
        shut off the texts
        turn off all my notifications
        opt me out
        opt me out of text messages
        i'm opting out
        """)

    /// Turns with the same words that are about the call or the booking.
    static let otherTurns = lines(
        """
        i want to stop my subscription to the magazine
        could i be put on the list
        i asked you before for a refund
        my number should be on the account
        stop interrupting me
        quit the program and start over
        no more hold music please
        i'd like the fee removed
        don't contact my employer
        you're not listening to me
        can you turn off the heat
        i would rather not wait
        please stop the music
        i want to text a picture
        can i text you a photo
        is it okay to text this number
        do you guys text reminders
        i need a text reminder
        no i want the text
        yes text reminders please
        i'd like to stop by tomorrow
        can you stop the delivery for this week
        is there any way to stop the leak
        i need to stop taking it right
        i'm calling to cancel
        i'm calling because i got a text
        i'm calling about my account
        i want my money back
        just don't send me to voicemail
        no don't hang up
        don't put me on hold
        don't transfer me
        okay but don't cancel it
        do not send the technician
        i can't receive calls at work
        i can't hear you
        i don't want the insurance
        who told you that
        i didn't give him permission
        i didn't ask for a refund
        i never asked for that
        stop it
        end call
        shut off the water
        turn off the alarm
        get my prescription out of the system
        leave my key with the front desk
        i'll report the outage
        my lawyer needs the file
        i changed my mind about the color
        actually i don't want the appointment
        on second thought no
        can i cancel
        cancel my lesson
        how can i get on the list
        am i on the list
        what's my number on file
        you have my number
        can you update my phone number
        my number changed
        """)

    static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}
