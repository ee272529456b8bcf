/// What a flow's texts and branches may say of the thread: `{{thread.last_text_in}}`. Empty where there is none.
enum ThreadValue: String, CaseIterable, Sendable {
    /// The contact's name.
    case name
    /// The customer's last text, at most thirty days old, without its closing mark.
    case lastTextIn = "last_text_in"
    /// Our last text to them.
    case lastTextOut = "last_text_out"
    /// The newer of the two.
    case lastText = "last_text"
    /// What was answered before and is taken over, while the flow still has to ask something.
    case known
    /// How the booking stands: a word for `branch`.
    case booking
    /// What is booked.
    case booked
    /// What the customer asked to cancel.
    case cancelled
    /// The booking's reference.
    case reference

    var written: String { "thread." + rawValue }

    init?(written name: String) {
        guard name.hasPrefix("thread.") else { return nil }
        self.init(rawValue: String(name.dropFirst("thread.".count)))
    }

    /// What `thread.booking` may be in a branch: a status of `Booking`, or `changed` where it is confirmed and this call
    /// has other values.
    static let bookingWords = [
        "none", "proposed", "confirmed", "changed", "change_requested", "cancel_requested", "cancelled",
    ]
}
