/// What a machine is told, or wants done, one thing after another. Doing one may call straight back into whoever holds the
/// queue: what that brings about waits its turn, so that the machine is never entered twice.
///
/// For one event loop.
package final class EffectQueue<Element> {
    package var waiting: [Element] = []
    private var isDraining = false

    package init() {}

    /// Does all that waits, and what comes meanwhile.
    ///
    /// - Returns: whether nothing waits any more; `false` where a call further out is still at it.
    @discardableResult
    package func drain(_ perform: (Element) -> Void) -> Bool {
        guard !isDraining else { return false }
        isDraining = true
        var next = 0
        while next < waiting.count {
            perform(waiting[next])
            next += 1
        }
        waiting.removeAll(keepingCapacity: true)
        isDraining = false
        return true
    }
}
