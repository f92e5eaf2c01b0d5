// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nothing of it reaches a user. It runs the release binary from outside, as a user does.
let package = Package(
    name: "benchmarks",
    targets: [.executableTarget(name: "bench", swiftSettings: [.treatAllWarnings(as: .error)])]
)
