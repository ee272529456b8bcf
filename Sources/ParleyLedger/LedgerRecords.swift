import GRDB

// What the reader hands out. Numbers are whole here; whoever shows them masks them (`Masking`). Property names are the
// columns' and the JSON's, in camel case.

/// One call in a list.
public struct CallSummary: Codable, Equatable, Sendable, FetchableRecord {
    public var id: String
    public var provider: String
    public var providerCall: String
    public var stream: String
    public var caller: String
    public var called: String
    public var agent: String
    public var process: String
    /// UTC milliseconds since 1970.
    public var startedAt: Int64
    /// `nil` while the call goes on.
    public var endedAt: Int64?
    public var endReason: String?
    /// The caller's turns, backchannels left out.
    public var turns: Int
    public var messages: Int

    public var durationMs: Int64? { endedAt.map { $0 - startedAt } }

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase

    static let select = """
        SELECT calls.*,
            (SELECT count(*) FROM turns WHERE call = calls.id AND side = 'caller' AND NOT is_backchannel) AS turns,
            (SELECT count(*) FROM messages WHERE call = calls.id) AS messages
        FROM calls
        """
}

/// One side's turn: what the caller said, or what the caller heard.
public struct TurnRecord: Codable, Equatable, Sendable, FetchableRecord {
    /// `caller` or `agent`.
    public var side: String
    /// The caller's turn number, or the reply's generation.
    public var n: Int
    public var text: String
    /// What would have followed, had the caller not cut in.
    public var unheard: String
    public var isKeyed: Bool
    public var isBackchannel: Bool
    public var beganMs: Int
    public var endedMs: Int

    public var wasCut: Bool { !unheard.isEmpty }

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

/// When each stage of one answer was reached, in microseconds from the call's start; `nil`: there was no such stage.
public struct WaterfallRecord: Codable, Equatable, Sendable, FetchableRecord {
    public var generation: Int
    public var turn: Int
    public var lastVoicedUs: Int64?
    public var pausedUs: Int64?
    public var endpointUs: Int64?
    public var finalUs: Int64?
    public var askedUs: Int64?
    public var firstTextUs: Int64?
    public var firstClauseUs: Int64?
    public var firstAudioUs: Int64?
    public var firstFrameUs: Int64?

    /// Edge latency: the caller's last voiced frame received, to the first frame of the answer written.
    public var edgeUs: Int64? {
        guard let lastVoicedUs, let firstFrameUs else { return nil }
        return firstFrameUs - lastVoicedUs
    }

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

public struct VariableRecord: Codable, Equatable, Sendable, FetchableRecord {
    public var name: String
    public var value: String
    public var atMs: Int

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

public struct ActionRecord: Codable, Equatable, Sendable, FetchableRecord {
    public var name: String
    public var turn: Int
    /// `committed` or `refused`; of a webhook `pending`, `answered`, `refused`, `failed` or `unknown`.
    public var outcome: String
    public var rule: String
    public var atMs: Int

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

public struct ConsentRecord: Codable, Equatable, Sendable, FetchableRecord {
    public var id: String
    public var number: String
    public var purpose: String
    public var sender: String
    public var means: String
    public var wording: String
    public var wordingVersion: String
    public var heard: String
    public var language: String
    public var answer: String
    public var givenAt: Int64
    public var zone: String
    public var call: String
    public var turn: Int
    public var spanBeganMs: Int
    public var spanEndedMs: Int
    public var agent: String
    /// `nil` while it stands.
    public var withdrawnAt: Int64?

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

public struct MessageRecord: Codable, Equatable, Sendable, FetchableRecord {
    public var id: String
    public var key: String
    public var call: String
    public var consent: String
    public var purpose: String
    public var recipient: String
    public var sender: String
    public var body: String
    public var encoding: String
    public var segments: Int
    public var provider: String
    public var providerMessage: String
    public var state: String
    public var detail: String
    public var createdAt: Int64
    public var updatedAt: Int64

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

public struct EventRecord: Codable, Equatable, Sendable, FetchableRecord {
    /// `barge_in`, `late`, `bridged`, `engine`, `dropped`.
    public var kind: String
    public var detail: String
    public var count: Int
    public var atMs: Int
    public var lastMs: Int

    public static let databaseColumnDecodingStrategy = DatabaseColumnDecodingStrategy.convertFromSnakeCase
}

/// One call, all of it.
public struct CallRecord: Codable, Equatable, Sendable {
    public var call: CallSummary
    public var turns: [TurnRecord]
    public var waterfalls: [WaterfallRecord]
    public var variables: [VariableRecord]
    public var actions: [ActionRecord]
    public var consents: [ConsentRecord]
    public var messages: [MessageRecord]
    public var events: [EventRecord]
}
