import ParleyCore

/// What a simulated world has still to come, beside frames and messages on the line.
enum Happening {
    /// To the call, from an engine.
    case input(CallEvent)
    /// To the call, from the ledger.
    case receipt(ActionResult)
    case disk(SimulatedLedger.Step)
    /// From the carrier to the line: a mark that it returns later than it should.
    case returnMark(Mark)
    case unknownMark
}
