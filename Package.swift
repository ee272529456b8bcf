// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nio = [
    Target.Dependency.product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley", targets: ["parley"]),
        // For a gateway with engines of one's own: docs/bring-an-engine.md.
        .library(name: "ParleyGateway", targets: ["ParleyGateway", "ParleySpeech", "ParleyNetwork", "ParleyCore"]),
    ],
    traits: [
        .default(enabledTraits: ["LocalSpeech"]),
        .trait(name: "LocalSpeech", description: "The embedded recogniser and voices (flite, sherpa-onnx)."),
    ],
    // Exact versions: Package.resolved is not committed, so this list is the lock file.
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        .systemLibrary(name: "CHeap"),
        .systemLibrary(name: "CFlite", providers: [.apt(["flite1-dev"])]),

        // Pure rooms: no I/O, no clock, no third-party import.
        .target(name: "ParleyCore", swiftSettings: settings),
        .target(name: "ParleyOpus", dependencies: ["ParleyCore", "COpus"], swiftSettings: settings),
        .target(name: "ParleyWire", dependencies: ["ParleyCore"], swiftSettings: settings),

        // What goes out to servers of others: addresses, TLS, WebSocket and TCP connections, streamed HTTP.
        .target(
            name: "ParleyNetwork",
            dependencies: nio + [
                "ParleyCore", "ParleyWire", .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleySpeech",
            dependencies: [
                "ParleyCore", "ParleyWire", "ParleyNetwork", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleySpeechLocal",
            dependencies: [
                "ParleyCore", "ParleySpeech",
                .target(name: "CFlite", condition: .when(traits: ["LocalSpeech"])),
                .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["LocalSpeech"])),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleyActions",
            dependencies: ["ParleyCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        .target(
            name: "ParleyAgents",
            dependencies: nio + [
                "ParleyCore", "ParleyWire", "ParleyNetwork", "ParleyActions", "ParleyMessaging", "ParleySpeech",
                .product(name: "Yams", package: "Yams"), .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleyMessaging",
            dependencies: ["ParleyCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        .target(
            name: "ParleyLedger",
            dependencies: [
                "ParleyCore", "ParleyActions", "ParleyMessaging",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleyGateway",
            dependencies: nio + [
                "ParleyCore", "ParleyOpus", "ParleyWire", "ParleyNetwork", "ParleySpeech", "ParleyActions",
                "ParleyAgents", "ParleyMessaging", "ParleyLedger", "CHeap",
                .target(name: "ParleySpeechLocal", condition: .when(traits: ["LocalSpeech"])),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: settings),
        .target(
            name: "ParleyCaller",
            dependencies: nio + [
                "ParleyCore", "ParleyOpus", "ParleyWire", "ParleyNetwork",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleyReplay",
            dependencies: [
                "ParleyCore", "ParleyWire", "ParleySpeech", "ParleyActions", "ParleyAgents", "ParleyMessaging",
                "ParleyLedger", "ParleyCaller",
                .target(name: "ParleySpeechLocal", condition: .when(traits: ["LocalSpeech"])),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(
            name: "ParleyBench",
            dependencies: nio + [
                "ParleyCore", "ParleyWire", "ParleyCaller", .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "parley",
            dependencies: [
                "ParleyGateway", "ParleyCaller", "ParleyLedger", "ParleyReplay", "ParleyAgents", "ParleyBench",
                "ParleyActions", "ParleyMessaging",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // What must hold for every input: for the fuzzer (scripts/fuzz.sh) and for the tests.
        .target(
            name: "ParleyFuzz", dependencies: ["ParleyCore", "ParleyWire", "ParleyAgents"], path: "Fuzz",
            exclude: ["Corpus", "Main"], swiftSettings: settings),

        // The engine that docs/bring-an-engine.md shows.
        .target(
            name: "SayVoice", dependencies: ["ParleySpeech", "ParleyNetwork"], path: "Examples/SayVoice",
            swiftSettings: settings),

        .testTarget(name: "ParleyCoreTests", dependencies: ["ParleyCore"], swiftSettings: settings),
        .testTarget(name: "ParleyOpusTests", dependencies: ["ParleyOpus", "ParleyCore"], swiftSettings: settings),
        .testTarget(name: "ParleyWireTests", dependencies: ["ParleyWire", "ParleyCore"], swiftSettings: settings),
        // Speech engines, models and applications of others that a test scripts. Shares no code with what it checks.
        .target(
            name: "FakeEngines", dependencies: nio + [.product(name: "NIOWebSocket", package: "swift-nio")],
            path: "Tests/FakeEngines", exclude: ["Clients"], swiftSettings: settings),
        .testTarget(
            name: "ParleyNetworkTests",
            dependencies: nio + [
                "ParleyNetwork", "ParleyWire", "ParleyCore", .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleySpeechTests",
            dependencies: nio + [
                "ParleySpeech", "ParleyNetwork", "ParleyWire", "ParleyCore", "FakeEngines",
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleySpeechLocalTests", dependencies: ["ParleySpeechLocal", "ParleySpeech", "ParleyCore"],
            swiftSettings: settings),
        .testTarget(
            name: "ParleyActionsTests", dependencies: ["ParleyActions", "ParleyCore"], swiftSettings: settings),
        .testTarget(
            name: "ParleyAgentsTests",
            dependencies: nio + [
                "ParleyAgents", "ParleyActions", "ParleyMessaging", "ParleyNetwork", "ParleySpeech", "ParleyCore",
                "FakeEngines",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleyMessagingTests",
            dependencies: [
                "ParleyMessaging", "ParleyActions", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleyLedgerTests",
            dependencies: [
                "ParleyLedger", "ParleyMessaging", "ParleyActions", "ParleyCore",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleyGatewayTests",
            dependencies: nio + [
                "ParleyGateway", "ParleyWire", "ParleyNetwork", "ParleyCore", "ParleyLedger", "ParleySpeech",
                "ParleyActions",
                "ParleyAgents",
                "ParleyMessaging",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleyCallerTests",
            dependencies: nio + [
                "ParleyCaller", "ParleyWire", "ParleyNetwork", "ParleyCore",
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // Messaging providers that a test scripts. Shares no code with what it checks.
        .target(
            name: "FakeProvider", dependencies: nio + [.product(name: "Crypto", package: "swift-crypto")],
            path: "Tests/FakeProvider", swiftSettings: settings),
        .testTarget(
            name: "FakeProviderTests",
            dependencies: nio + [
                "FakeProvider", "ParleyMessaging", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["ParleyFuzz"], swiftSettings: settings),
        .testTarget(
            name: "ParleyReplayTests",
            dependencies: [
                "ParleyReplay", "ParleyGateway", "ParleyCaller", "ParleyAgents", "ParleySpeech", "ParleyCore",
                .target(name: "ParleySpeechLocal", condition: .when(traits: ["LocalSpeech"])),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ParleyBenchTests",
            dependencies: [
                "ParleyBench", "ParleyWire", "ParleyCore", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "Simulation",
            dependencies: [
                "ParleyReplay", "ParleyGateway", "ParleyAgents", "ParleyLedger", "ParleyMessaging", "ParleyCore",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEnd",
            dependencies: nio + [
                "ParleyGateway", "ParleyCaller", "ParleyReplay", "ParleyLedger", "ParleyWire", "ParleyCore",
                "ParleyMessaging", "ParleyActions", "ParleyAgents", "ParleySpeech", "FakeProvider", "FakeEngines",
                "SayVoice",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
    ]
)
