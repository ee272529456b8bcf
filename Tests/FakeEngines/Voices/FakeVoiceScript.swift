/// Which clauses, or connections, a fault is for.
public enum FakeVoiceAim: Equatable, Sendable {
    case always
    /// Of the server, from 0, in the order in which speaking was asked for. Over HTTP: the request of this number.
    case clause(Int)
    /// Of the server, from 0.
    case connection(Int)
}

/// What a fake voice does wrong. Counted in pieces of sound, of the clause.
public enum FakeVoiceFault: Equatable, Sendable {
    /// The upgrade, or the request, gets this status. Over TCP: the connection is closed.
    case refuse(Int, retryAfter: Int? = nil)
    /// The upgrade, or the request, gets no answer.
    case neverAnswers
    /// Before the first sound.
    case late(Duration)
    /// Nothing more of this clause comes.
    case stalls(after: Int)
    /// The connection is reset.
    case drops(after: Int)
    /// The connection is closed with this code, where the protocol has codes.
    case closes(UInt16, after: Int)
    /// The protocol's own word for a fault of the server.
    case fails(after: Int)
    case garbage(FakeVoiceGarbage, after: Int)
    /// A message of 2 MiB.
    case huge(after: Int)
    /// Pieces end in the middle of samples.
    case splitsSamples
    /// The sound, and what is said of it, has this rate in place of the right one.
    case wrongRate(Int)
    /// Full scale.
    case noise
    /// The rest of the clause is left out; its end is told.
    case endsEarly(after: Int)
    /// The clause has no end.
    case endless
    /// So many pieces still come when it was cancelled.
    case soundAfterCancel(Int)
    case endsTwice
}

/// What no client can make sense of.
public enum FakeVoiceGarbage: Equatable, Sendable, CaseIterable {
    /// A text that is cut short.
    case cutJSON
    /// Fields of the wrong types.
    case wrongTypes
    /// A message of an unknown type: to be ignored.
    case unknownType
    /// Bytes that are not what they should be.
    case binary
    /// Sound whose base64 is none, where sound is base64.
    case badBase64
}

/// How a fake voice speaks.
public struct FakeVoiceScript: Sendable {
    /// Between what a clause needs and its first sound.
    public var firstSound = Duration.zero
    /// Of sound in a piece: 40 to 100.
    public var pieceMilliseconds = 60
    /// Pieces come as fast as they would be heard; else as fast as the socket takes them.
    public var isPaced = false
    private var faults: [(aim: FakeVoiceAim, fault: FakeVoiceFault)] = []

    public init(firstSound: Duration = .zero, pieceMilliseconds: Int = 60, isPaced: Bool = false) {
        self.firstSound = firstSound
        self.pieceMilliseconds = pieceMilliseconds
        self.isPaced = isPaced
    }

    /// The same with a fault more.
    public func with(_ fault: FakeVoiceFault, _ aim: FakeVoiceAim = .always) -> FakeVoiceScript {
        var copy = self
        copy.faults.append((aim, fault))
        return copy
    }

    /// - Parameter clause: `nil` while a connection opens.
    func faults(connection: Int, clause: Int?) -> [FakeVoiceFault] {
        faults.filter { aimed in
            switch aimed.aim {
            case .always: true
            case .clause(let number): number == clause
            case .connection(let number): number == connection
            }
        }.map(\.fault)
    }
}
