import ParleyNetwork

/// Where an engine is and how it is reached, from its settings.
package struct NetworkEndpoint: Sendable {
    package var address: NetworkAddress
    /// For `wss` and `https`.
    package var trust: TLSTrust?

    package init(_ settings: EngineSettings, option: String = "url") throws(EngineError) {
        guard let address = settings.address(option) else {
            throw EngineError(engine: settings.name, message: "is missing or no address", option: option)
        }
        self.address = address
        guard address.isSecure else { return }
        do throws(TLSTrustFault) {
            if let given = settings.trust { trust = given } else { trust = try TLSTrust(file: settings.caFile) }
        } catch {
            throw EngineError(engine: settings.name, message: error.description, option: "ca_file")
        }
    }
}

extension EngineSettings {
    /// The key, where the engine cannot do without.
    package func requireKey() throws(EngineError) -> Secret {
        guard let key else {
            throw EngineError(engine: name, message: "is missing; set key_env or key_file", option: "key_env")
        }
        return key
    }
}

extension NetworkAddress {
    /// The same address with more in its query; names and values are escaped (RFC 3986 section 2).
    public func adding(query fields: [(name: String, value: String)]) -> NetworkAddress {
        var address = self
        var separator = target.contains("?") ? "&" : "?"
        for field in fields {
            address.target += separator + Self.escaped(field.name) + "=" + Self.escaped(field.value)
            separator = "&"
        }
        return address
    }

    /// The same address with more pieces at the end of its path, escaped; a query stays behind them.
    public func adding(path pieces: [String]) -> NetworkAddress {
        var address = self
        let parts = target.split(separator: "?", maxSplits: 1)
        var path = String(parts.first ?? "/")
        for piece in pieces { path += (path.hasSuffix("/") ? "" : "/") + Self.escaped(piece) }
        address.target = ([path] + parts.dropFirst().map { String($0) }).joined(separator: "?")
        return address
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.unicodeScalars.append(UnicodeScalar(byte))
            default: out += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return out
    }
}
