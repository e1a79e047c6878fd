// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "datamarket",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "datamarket", targets: ["datamarket"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CRaptor", pkgConfig: "raptor2", providers: [.apt(["libraptor2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CYajl", pkgConfig: "yajl", providers: [.apt(["libyajl-dev"])]),
        .systemLibrary(name: "CCSV", providers: [.apt(["libcsv-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-gnutls-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "CICU", linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),
        .target(
            name: "SQLFiles", path: "sql", exclude: ["schema.sql"], sources: ["SQLFiles.swift"],
            resources: [.copy("migrations"), .copy("views"), .copy("queries"), .copy("metrics")]),
        .target(
            name: "Demonstration", path: "demonstration", exclude: ["README.md"], sources: ["Demonstration.swift"],
            resources: [.copy("market"), .copy("catalogue"), .copy("tables")]),
        .target(
            name: "ScenarioFiles", path: "scenarios", exclude: ["README.md"], sources: ["ScenarioFiles.swift"],
            resources: [.copy("batches")]),
        .target(name: "TableEngineFiles", path: "Sources/TableEngine", resources: [.copy("engine")]),
        .target(
            name: "Postgres",
            dependencies: [
                "CPostgres",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "Marketplace",
            dependencies: [
                "Postgres", "SQLFiles", "COpenSSL", "CRaptor", "CZlib", "CLibXML", "CYajl", "CCSV", "CCurl", "CICU",
                "TableEngineFiles", "Yams",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Web",
            dependencies: [
                "Marketplace", "CZlib", "Yams",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            resources: [.copy("Static")]),
        .executableTarget(
            name: "datamarket",
            dependencies: [
                "Web", "Marketplace", "Postgres", "Demonstration", "ScenarioFiles", "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "TestSupport",
            dependencies: ["Postgres", "Marketplace", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestSupport"),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestSupport"]),
        .testTarget(
            name: "MarketplaceTests",
            dependencies: ["Marketplace", "SQLFiles", "TestSupport", "Demonstration", "ScenarioFiles"]),
        .testTarget(name: "WebTests", dependencies: ["Web", "TestSupport", "Demonstration"]),
        .testTarget(name: "SQLTests", dependencies: ["SQLFiles", "TestSupport"]),
        .testTarget(name: "ArchitectureTests"),
    ]
)
