// swift-tools-version: 6.2
import PackageDescription

/// The one place where the house's compiler settings stand.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room of the house: a target under `Sources/` with the strict settings.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room, in the folder of the same name under `Tests/`.
func tests(_ room: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(room)Tests", dependencies: [.target(name: room), "Support"] + dependencies,
        path: "Tests/\(room)Tests", exclude: exclude, swiftSettings: strict)
}

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "cs-analytics",
    products: [
        .executable(name: "cs-analytics", targets: ["cs-analytics"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CGMimeLibrary", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .target(name: "CGMime", dependencies: ["CGMimeLibrary"]),

        room("Runtime", [log, crypto]),
        room("Records", ["Runtime"]),
        room("Aggregates", ["Records", "Runtime"]),
        room("Text", ["Runtime"]),
        room("Privacy", ["Records", "Text", "Runtime", crypto]),
        room("LinearAlgebra", ["COpenBLAS"]),
        room("Ingest", ["Records", "Privacy", "Text", "Runtime", "CLibArchive", "CGMime", yams, crypto, cryptoExtras]),
        room("Conversations", ["Records", "Text", "Runtime"]),
        room("Warehouse", ["Aggregates", "Records", "Runtime", "CLibPQ", grdb]),
        room("Features", ["Aggregates", "Records", "Text", "Privacy", "LinearAlgebra", "Runtime"]),
        room("Models", ["Features", "LinearAlgebra", "Aggregates", "Records", "Text", "Runtime"]),
        room("Operations", ["Aggregates", "Records", "Text", "LinearAlgebra", "Runtime"]),
        room("Reports", ["Aggregates", "Records", "Runtime", mustache, yams]),
        room(
            "Pipeline",
            [
                "Runtime", "Records", "Aggregates", "Text", "Privacy", "LinearAlgebra", "Ingest", "Conversations",
                "Warehouse", "Features", "Models", "Operations", "Reports", yams, log,
            ]),
        .executableTarget(
            name: "cs-analytics",
            dependencies: ["Pipeline", "Aggregates", "Records", "Runtime", argumentParser, log], swiftSettings: strict),

        .target(name: "Support", dependencies: ["Records", "Runtime"], path: "Tests/Support", swiftSettings: strict),
        tests("Runtime"),
        tests("Records", ["Runtime"]),
        tests("Aggregates", ["Records", "Runtime"]),
        tests("Text"),
        tests("Privacy", ["Records", "Text", "Runtime"]),
        tests("LinearAlgebra"),
        tests("Ingest", ["Records", "Privacy", "Runtime", crypto, cryptoExtras], exclude: ["Fixtures"]),
        tests("Conversations", ["Records", "Runtime"]),
        tests("Warehouse", ["Aggregates", "Records", "Runtime"]),
        tests("Features", ["Text", "LinearAlgebra", "Aggregates", "Records", "Runtime"]),
        tests("Models", ["Features", "LinearAlgebra", "Aggregates", "Text", "Records", "Runtime"]),
        tests("Operations", ["Aggregates", "Records", "Runtime"]),
        tests("Reports", ["Aggregates", "Records", "Runtime"]),
        tests("Pipeline", ["Runtime", "Records", "Aggregates", "Warehouse", "Reports", "Operations", "Models"]),
        .testTarget(
            name: "CommandTests", dependencies: ["cs-analytics", "Support", "Records", "Runtime"],
            path: "Tests/CommandTests", swiftSettings: strict),
    ]
)
