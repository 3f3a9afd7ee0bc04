// swift-tools-version: 6.2

import PackageDescription

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A library and the tests that mirror it.
func library(
    _ name: String, _ dependencies: [Target.Dependency], tests: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name), "TestSupport", system] + tests),
    ]
}

/// C that is always optimised, so that debug builds and their tests stay quick.
func cTarget(_ name: String) -> Target {
    .target(name: name, cSettings: [.unsafeFlags(["-O3", "-Wall", "-Werror"])])
}

let package = Package(
    name: "vignette",
    products: [
        .executable(name: "vignette", targets: ["vignette"]),
        .executable(name: "vignette-decoder", targets: ["vignette-decoder"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        cTarget("CBench"),
        cTarget("CKernels"),
        cTarget("CSQLiteSettings"),
        .target(
            name: "CJPEGShim", dependencies: ["CJPEG"],
            cSettings: [.unsafeFlags(["-O3", "-Wall", "-Werror"])]),
        cTarget("CProcess"),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev"])]),
        .systemLibrary(
            name: "CHEIF", pkgConfig: "libheif", providers: [.apt(["libheif-dev"])]),
        .systemLibrary(
            name: "CExempi", pkgConfig: "exempi-2.0", providers: [.apt(["libexempi-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "TestSupport", dependencies: [system], path: "Tests/TestSupport"),
        .target(
            name: "TestHub",
            dependencies: [crypto, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix")],
            path: "Tests/TestHub"),
        .executableTarget(
            name: "vignette",
            dependencies: [
                "Benchmarking", "Captioning", "Catalogue", "Checkpoint", "Daemon", "FileSystem",
                "JSONScanning", "LLaVAMini", "MediaDecoding", "ModelConversion", "ModelHub",
                "Tensor", argumentParser, logging, system,
            ]),
        .executableTarget(
            name: "vignette-decoder",
            dependencies: ["MediaCodecs", "MediaDecoding", "Imaging", system]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Checkpoint", "LLaVAMini", "Tensor", "TestHub", "TestSupport", "vignette",
                "vignette-decoder", grdb, nio("NIOHTTP1"), system,
            ]),
    ]
        + library("FileSystem", [system])
        + library("Imaging", ["CKernels"])
        + library("Tensor", ["CKernels", "COpenBLAS", system], tests: ["CKernels"])
        + library("JSONScanning", [])
        + library(
            "Checkpoint", ["JSONScanning", "Tensor", system], tests: ["JSONScanning", "Tensor"])
        + library("Tokenization", ["JSONScanning", system])
        + library(
            "LLaVAMini",
            ["Checkpoint", "Imaging", "JSONScanning", "Tensor", "Tokenization", system],
            tests: [
                "Checkpoint", "Imaging", "JSONScanning", "MediaCodecs", "MediaDecoding", "Tensor",
                "Tokenization",
            ])
        + library(
            "ModelConversion", ["Checkpoint", "LLaVAMini", "Tensor", crypto, system],
            tests: ["Checkpoint", "Imaging", "JSONScanning", "LLaVAMini", "Tensor"])
        + library(
            "MediaDecoding", ["CProcess", "Imaging", system],
            tests: ["Imaging", "vignette-decoder"])
        + library(
            "MediaCodecs",
            [
                "CExempi", "CHEIF", "CJPEGShim", "CLibAV", "CProcess", "CZlib", "Imaging",
                "MediaDecoding", crypto, system,
            ],
            tests: ["CZlib", "Imaging", "MediaDecoding"])
        + library(
            "Catalogue", ["CSQLiteSettings", "FileSystem", grdb, system],
            tests: ["FileSystem", grdb])
        + library(
            "ModelHub",
            [
                "FileSystem", "JSONScanning", asyncHTTPClient, crypto, nio("NIOCore"),
                nio("NIOHTTP1"), system,
            ],
            tests: ["TestHub", nio("NIOHTTP1")])
        + library("FolderWatching", ["CLinux", "FileSystem", system], tests: ["FileSystem"])
        + library(
            "Captioning",
            ["Imaging", "LLaVAMini", "MediaDecoding", "Tensor", crypto, system],
            tests: ["Imaging", "LLaVAMini", "MediaDecoding"])
        + library(
            "Benchmarking", ["CBench", "Imaging", "LLaVAMini", "Tensor", system],
            tests: ["CBench", "Imaging", "LLaVAMini"])
        + library(
            "Daemon",
            [
                "CLinux", "Captioning", "Catalogue", "FileSystem", "FolderWatching", "Imaging",
                "MediaDecoding", configuration, logging, system, yams,
            ],
            tests: [
                "Captioning", "Catalogue", "FileSystem", "FolderWatching", "Imaging",
                "MediaDecoding", logging,
            ])
)

// Programs that measure; ordinary builds stay without them.
if Context.environment["VIGNETTE_BENCHMARKS"] != nil {
    package.targets += [
        .executableTarget(
            name: "kernel-benchmark", dependencies: ["Tensor"], path: "Benchmarks/Kernels"),
        .executableTarget(
            name: "likeness-benchmark", dependencies: ["Imaging", "LLaVAMini", system],
            path: "Benchmarks/Likeness"),
        .executableTarget(
            name: "tokenizer-benchmark", dependencies: ["Tokenization", system],
            path: "Benchmarks/Tokenizer"),
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .treatAllWarnings(as: .error),
        ]
}
