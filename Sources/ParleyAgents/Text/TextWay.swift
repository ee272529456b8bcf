import ParleyMessaging

extension Flow {
    /// The questions that lead to a booking, each slot once, as far as the answers so far decide it: a branch on
    /// something that is not known yet ends it, and so does the flow's end. Everything that needs a voice is passed.
    func questions(knowing slots: [String: SlotValue], booking: Booking) -> [AskStep] {
        var found: [AskStep] = []
        var id = steps.first?.id
        var seen: Set<String> = []
        while let here = id, seen.insert(here).inserted, let step = step(here) {
            id = step.next
            switch step.kind {
            case .say, .confirm, .consent, .action: break
            case .ask(let ask): if !found.contains(where: { $0.slot == ask.slot }) { found.append(ask) }
            case .branch(let branch):
                guard let next = way(of: branch, slots, booking) else { return found }
                id = next
            case .transfer, .end: return found
            }
        }
        return found
    }

    /// `nil`: it goes by something that is still to be asked.
    private func way(of branch: BranchStep, _ slots: [String: SlotValue], _ booking: Booking) -> String? {
        for arm in branch.arms {
            var fits = true
            for condition in arm.conditions {
                guard let value = value(condition.slot, slots, booking) else { return nil }
                if !condition.values.contains(value) { fits = false }
            }
            if fits { return arm.next }
        }
        return branch.otherwise
    }

    private func value(_ name: String, _ slots: [String: SlotValue], _ booking: Booking) -> String? {
        if name == ThreadValue.booking.written { return booking.status.rawValue }
        if let value = slots[name] { return value.iso }
        if let dot = name.lastIndex(of: "."), let value = slots[String(name[..<dot])] {
            return value.part(name[name.index(after: dot)...])?.iso ?? ""
        }
        let base = name.split(separator: ".").first.map(String.init) ?? name
        return slotNames.contains(base) ? nil : ""
    }
}
