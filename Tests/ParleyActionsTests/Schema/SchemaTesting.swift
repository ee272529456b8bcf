import Testing

@testable import ParleyActions

/// One row of a table: a schema, a value, and what is wrong with it; nothing where it fits.
typealias SchemaRow = (schema: String, value: String, fault: String)

func json(_ text: String) throws -> JSON { try JSON(parsing: text, maxBytes: 1 << 20, maxDepth: 100) }

func schema(_ text: String) throws -> JSONSchema { try JSONSchema(try json(text)) }

/// What `check` says of a value; empty: it fits.
func fault(_ schemaText: String, _ value: String) throws -> String {
    switch try schema(schemaText).check(try json(value)) {
    case .success: ""
    case .failure(let fault): fault.text(of: "book")
    }
}

/// Where a schema is refused, and why; `nil`: it is taken.
func refusal(_ schemaText: String) throws -> SchemaFault? {
    let value = try json(schemaText)
    do throws(SchemaFault) {
        _ = try JSONSchema(value)
        return nil
    } catch {
        return error
    }
}
