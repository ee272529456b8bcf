import Testing

@testable import ParleyActions

@Suite("Numbers against a schema")
struct SchemaNumberTests {
    static let rows: [SchemaRow] = [
        (#"{"minimum":1.1}"#, "2.6", ""),
        (#"{"minimum":1.1}"#, "1.1", ""),
        (#"{"minimum":1.1}"#, "0.6", "the outermost value must be at least 1.1"),
        (#"{"minimum":1.1}"#, #""x""#, ""),
        (#"{"minimum":-2}"#, "-1", ""),
        (#"{"minimum":-2}"#, "0", ""),
        (#"{"minimum":-2}"#, "-2.0", ""),
        (#"{"minimum":-2}"#, "-2.0001", "the outermost value must be at least -2"),
        (#"{"minimum":-2}"#, "-3", "the outermost value must be at least -2"),
        (#"{"maximum":3.0}"#, "2.6", ""),
        (#"{"maximum":3.0}"#, "3", ""),
        (#"{"maximum":3.0}"#, "3.5", "the outermost value must be at most 3"),
        (#"{"maximum":300}"#, "299.97", ""),
        (#"{"maximum":300}"#, "300.00", ""),
        (#"{"maximum":300}"#, "300.5", "the outermost value must be at most 300"),
        (#"{"exclusiveMinimum":1.1}"#, "1.2", ""),
        (#"{"exclusiveMinimum":1.1}"#, "1.10", "the outermost value must be more than 1.1"),
        (#"{"exclusiveMaximum":3}"#, "2.999999999999999999999999", ""),
        (#"{"exclusiveMaximum":3}"#, "3.0", "the outermost value must be less than 3"),
        (#"{"minimum":0}"#, "-0", ""),
        (#"{"minimum":0}"#, "-0.0", ""),
        (#"{"maximum":-0}"#, "0", ""),
        (#"{"exclusiveMinimum":0}"#, "-0", "the outermost value must be more than 0"),
        (#"{"exclusiveMinimum":0}"#, "1e-308", ""),
        (#"{"exclusiveMaximum":0}"#, "-1e-308", ""),
        (#"{"maximum":1e307}"#, "1e307", ""),
        (#"{"maximum":9e306}"#, "1e307", "the outermost value must be at most 9e306"),
        // Two neighbours that are one Double.
        (#"{"maximum":9007199254740992}"#, "9007199254740993", "the outermost value must be at most 9007199254740992"),
        (#"{"minimum":0.1}"#, "0.09999999999999999999999", "the outermost value must be at least 0.1"),
        (#"{"multipleOf":2}"#, "10", ""),
        (#"{"multipleOf":2}"#, "7", "the outermost value must be a multiple of 2"),
        (#"{"multipleOf":2}"#, #""x""#, ""),
        (#"{"multipleOf":1.5}"#, "0", ""),
        (#"{"multipleOf":1.5}"#, "4.5", ""),
        (#"{"multipleOf":1.5}"#, "-4.5", ""),
        (#"{"multipleOf":1.5}"#, "35", "the outermost value must be a multiple of 1.5"),
        (#"{"multipleOf":0.0001}"#, "0.0075", ""),
        (#"{"multipleOf":0.0001}"#, "0.00751", "the outermost value must be a multiple of 0.0001"),
        (#"{"multipleOf":0.01}"#, "0.1", ""),
        (#"{"multipleOf":0.01}"#, "19.99", ""),
        (#"{"multipleOf":0.01}"#, "4.35", ""),
        (#"{"multipleOf":0.01}"#, "19.999", "the outermost value must be a multiple of 0.01"),
        (#"{"multipleOf":1e-8}"#, "12391239123", ""),
        (#"{"multipleOf":0.123456789}"#, "1e307", "the outermost value must be a multiple of 0.123456789"),
        (#"{"multipleOf":100}"#, "1e300", ""),
        (#"{"multipleOf":100}"#, "50", "the outermost value must be a multiple of 100"),
        (#"{"multipleOf":999999999999999999}"#, "1999999999999999998", ""),
        (
            #"{"multipleOf":999999999999999999}"#, "1999999999999999997",
            "the outermost value must be a multiple of 999999999999999999"
        ),
        (#"{"type":"integer"}"#, "1", ""),
        (#"{"type":"integer"}"#, "1.0", ""),
        (#"{"type":"integer"}"#, "10e-1", ""),
        (#"{"type":"integer"}"#, "-0", ""),
        (#"{"type":"integer"}"#, "1e307", ""),
        (#"{"type":"integer"}"#, "1.1", "the outermost value must be a whole number"),
        (#"{"type":"integer"}"#, #""1""#, "the outermost value must be a whole number"),
        (
            #"{"type":"integer","maximum":100}"#, "12345678910111213141516171819202122232425262728293031",
            "the outermost value must be at most 100"
        ),
        (#"{"type":"number"}"#, "1.1", ""),
        (#"{"type":"number"}"#, "1", ""),
        (#"{"type":"number"}"#, "true", "the outermost value must be a number"),
    ]

    @Test("Bounds and multiples are exact, however a number is spelt", arguments: rows)
    func numbers(row: SchemaRow) throws {
        #expect(try fault(row.schema, row.value) == row.fault)
    }

    @Test(
        "A number beyond a Double's decades never comes to a schema",
        arguments: ["1e400", "-1e400", "1e-400", "1e9999"])
    func outOfRange(text: String) {
        #expect(throws: JSON.Fault.numberOutOfRange(offset: 0)) { try json(text) }
    }

    @Test("Order agrees with whole numbers, whatever power of ten they are written with")
    func order() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        func decimal(_ value: Int, _ power: Int) throws -> JSON.Decimal {
            guard case .number(let number) = try json("\(value)e\(power)") else { return .zero }
            return number
        }
        for _ in 0..<2_000 {
            let (first, second) = (
                Int.random(in: -999...999, using: &random), Int.random(in: -999...999, using: &random)
            )
            let power = Int.random(in: -300...300, using: &random)
            let (one, other) = (try decimal(first, power), try decimal(second * 10, power - 1))
            #expect(one.isLess(than: other) == (first < second), "seed \(seed)")
            guard second > 0 else { continue }
            #expect(one.isMultiple(of: other) == first.isMultiple(of: second), "seed \(seed)")
        }
    }
}

extension JSON.Decimal {
    fileprivate static let zero = JSON.Decimal(isNegative: false, digits: [], exponent: 0)
}
