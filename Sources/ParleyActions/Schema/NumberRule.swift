/// `minimum` and its kin.
struct NumberRule: Equatable, Sendable {
    let minimum: JSON.Decimal?
    let maximum: JSON.Decimal?
    let exclusiveMinimum: JSON.Decimal?
    let exclusiveMaximum: JSON.Decimal?
    let multipleOf: JSON.Decimal?

    init(_ fields: SchemaFields) throws(SchemaFault) {
        minimum = try fields.number(.minimum)
        maximum = try fields.number(.maximum)
        exclusiveMinimum = try fields.number(.exclusiveMinimum)
        exclusiveMaximum = try fields.number(.exclusiveMaximum)
        multipleOf = try fields.number(.multipleOf)
        if let multipleOf, multipleOf.isMultiple(of: multipleOf) == nil {
            throw fields.fault(
                .multipleOf, "must be above 0 and have at most \(JSON.Decimal.maxDivisorDigits) digits")
        }
        if let minimum, let maximum, maximum.isLess(than: minimum) {
            throw fields.fault(.minimum, "must not be above maximum")
        }
        if let minimum, let exclusiveMaximum, !minimum.isLess(than: exclusiveMaximum) {
            throw fields.fault(.minimum, "must be below exclusiveMaximum")
        }
        for bound in [maximum, exclusiveMaximum] {
            if let exclusiveMinimum, let bound, !exclusiveMinimum.isLess(than: bound) {
                throw fields.fault(.exclusiveMinimum, "must be below the upper bound")
            }
        }
    }

    /// What is wanted of the number instead; `nil`: it fits.
    func fault(in number: JSON.Decimal) -> String? {
        if let minimum, number.isLess(than: minimum) { return "must be at least \(minimum.text)" }
        if let maximum, maximum.isLess(than: number) { return "must be at most \(maximum.text)" }
        if let exclusiveMinimum, !exclusiveMinimum.isLess(than: number) {
            return "must be more than \(exclusiveMinimum.text)"
        }
        if let exclusiveMaximum, !number.isLess(than: exclusiveMaximum) {
            return "must be less than \(exclusiveMaximum.text)"
        }
        if let multipleOf, number.isMultiple(of: multipleOf) != true {
            return "must be a multiple of \(multipleOf.text)"
        }
        return nil
    }
}
