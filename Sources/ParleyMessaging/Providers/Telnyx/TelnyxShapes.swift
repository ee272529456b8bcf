struct TelnyxAccepted: Decodable {
    struct Message: Decodable {
        let id: String?
    }
    let data: Message?
}

struct TelnyxErrors: Decodable {
    let errors: [TelnyxError]?
}

struct TelnyxError: Decodable {
    let code: LooseText?
}

struct TelnyxRecords: Decodable {
    struct Record: Decodable {
        let uuid, status, url: String?

        enum CodingKeys: String, CodingKey {
            case uuid, status
            case url = "delivery_status_webhook_url"
        }
    }
    let data: [Record]?
}

struct TelnyxEvent: Decodable {
    struct Content: Decodable {
        let type: String?
        let payload: Payload?

        enum CodingKeys: String, CodingKey {
            case type = "event_type"
            case payload
        }
    }

    struct Payload: Decodable {
        let id, text: String?
        let from: Party?
        let to: [Party]?
        let media: [Media]?
        let errors: [TelnyxError]?
    }

    struct Party: Decodable {
        let number, status: String?

        enum CodingKeys: String, CodingKey {
            case number = "phone_number"
            case status
        }
    }

    /// Counted only.
    struct Media: Decodable {}

    let data: Content?
}
