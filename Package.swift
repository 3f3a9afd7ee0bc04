// swift-tools-version: 6.2

import PackageDescription

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
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

/// Whether warnings are errors: in checks, and not where somebody builds with a newer compiler or
/// newer headers than they were written for.
let isStrict = Context.environment["VIGNETTE_STRICT"] != nil

/// C that is always optimised, so that debug builds and their tests stay quick.
func cTarget(
    _ name: String, _ dependencies: [Target.Dependency] = [], linking libraries: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies,
        cSettings: [.unsafeFlags(["-O3", "-Wall"] + (isStrict ? ["-Werror"] : []))],
        linkerSettings: libraries.map { .linkedLibrary($0) })
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
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        cTarget("CBench"),
        cTarget("CColour"),
        cTarget("CKernels"),
        cTarget("CSQLiteSettings"),
        cTarget("CJPEGShim", ["CJPEG"]),
        cTarget("CProcess"),
        cTarget("CTIFFShim", ["CTIFF"]),
        // LibRaw without pkg-config, which names a flag for OpenMP that SwiftPM refuses.
        cTarget("CRawShim", linking: ["raw_r"]),
        // Likewise: the flags of a library that libjxl uses itself.
        .systemLibrary(name: "CJXL", providers: [.apt(["libjxl-dev"])]),
        .systemLibrary(
            name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        cTarget("COpenJPEGShim", ["COpenJPEG"]),
        .systemLibrary(
            name: "COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .systemLibrary(
            name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
        cTarget("CSandbox", ["CSeccomp"]),
        .systemLibrary(
            name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Without pkg-config: in Debian 13 it names Kerberos' headers in a way that SwiftPM warns of,
        // and curl's own are where every compiler looks.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // Without pkg-config: in Debian 13 it names plug-ins, too, whose licence is another (GPL) and which nothing
        // here uses.
        .systemLibrary(name: "CLCMS", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev"])]),
        .systemLibrary(
            name: "CHEIF", pkgConfig: "libheif", providers: [.apt(["libheif-dev"])]),
        .systemLibrary(
            name: "CExempi", pkgConfig: "exempi-2.0", providers: [.apt(["libexempi-dev"])]),
        .systemLibrary(
            name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CTLS", path: "Tests/CTLS", pkgConfig: "libssl",
            providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CMountNamespace", path: "Tests/CMountNamespace",
            cSettings: [.unsafeFlags(["-Wall", "-Werror"])]),
        .executableTarget(
            name: "faulty-file-system", path: "Tests/FaultyFileSystem",
            cSettings: [.unsafeFlags(["-Wall", "-Werror"])]),
        .target(
            name: "TestSupport", dependencies: ["CMountNamespace", system],
            path: "Tests/TestSupport"),
        .target(
            name: "TestHub",
            dependencies: [
                "CTLS", "Digests", "TestSupport", nio("NIOCore"), nio("NIOHTTP1"),
                nio("NIOPosix"), system,
            ],
            path: "Tests/TestHub"),
        .target(
            name: "CEscapeProbes", path: "Tests/CEscapeProbes",
            cSettings: [.unsafeFlags(["-O1", "-Wall"] + (isStrict ? ["-Werror"] : []))]),
        .executableTarget(
            name: "escape-probes", dependencies: ["CEscapeProbes", "MediaCodecs", "MediaDecoding"],
            path: "Tests/EscapeProbes"),
        .executableTarget(
            name: "vector-index-filler", dependencies: ["VectorIndex", system],
            path: "Tests/VectorIndexFiller"),
        .executableTarget(
            name: "vignette",
            dependencies: [
                "Benchmarking", "CLIP", "CLinux", "Captioning", "Catalogue", "Checkpoint",
                "Concepts", "Daemon", "Explaining", "FileSystem", "Finding", "JSONScanning",
                "LLaVAMini", "Likeness", "MCP", "MediaDecoding", "ModelConversion", "ModelHub",
                "ModelLoading", "Processors", "RemoteWork", "Sidecars", "Tensor", "VectorIndex",
                "Web", "WorkQueue",
                argumentParser, logging, system,
            ]),
        .executableTarget(
            name: "vignette-decoder",
            dependencies: ["MediaCodecs", "MediaDecoding", "Imaging", system]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "CLIP", "Checkpoint", "Imaging", "LLaVAMini", "MediaDecoding", "MediaFormats",
                "RemoteWork", "Tensor", "TestHub", "TestSupport",
                "faulty-file-system", "vignette", "vignette-decoder", grdb, logging,
                nio("NIOHTTP1"),
                system,
            ]),
    ]
        + [
            .target(
                name: "Web",
                dependencies: [
                    "CLIP", "CLinux", "Captioning", "Catalogue", "Daemon", "Digests", "Explaining",
                    "FileSystem", "Finding", "Likeness", "MediaDecoding", "WorkQueue", logging,
                    nio("NIOCore"),
                    nio("NIOHTTP1"),
                    nio("NIOPosix"), system,
                ],
                // Parts of the program, so that it stays one file that works wherever it is copied to.
                resources: [.embedInCode("Resources")]),
            .testTarget(
                name: "WebTests",
                dependencies: [
                    "CLIP", "Captioning", "Catalogue", "Daemon", "Digests", "FileSystem",
                    "Explaining", "Imaging", "Likeness", "MediaDecoding", "TestSupport", "Web",
                    "WorkQueue", "vignette", "vignette-decoder", grdb, logging, nio("NIOCore"),
                    nio("NIOHTTP1"), system,
                ],
                exclude: ["Browser/accessibility.js"]),
        ]
        + library("Digests", ["CCrypto"])
        + library("FileSystem", ["CLinux", system])
        + library("Processors", ["CProcess", system])
        + library("Imaging", ["CKernels"])
        + library(
            "Tensor", ["CKernels", "COpenBLAS", "Processors", system], tests: ["CKernels"])
        + library("JSONScanning", [])
        + library(
            "MCP", ["FileSystem", "JSONScanning", system], tests: ["FileSystem", "JSONScanning"])
        + library(
            "Checkpoint", ["JSONScanning", "Tensor", system], tests: ["JSONScanning", "Tensor"])
        + library("Tokenization", ["FileSystem", "JSONScanning", system])
        + library(
            "ModelLoading", ["Checkpoint", "JSONScanning", "Tensor", system],
            tests: ["JSONScanning"])
        + library(
            "CLIP",
            [
                "Checkpoint", "Imaging", "JSONScanning", "ModelLoading", "Tensor", "Tokenization",
                system,
            ],
            tests: [
                "Checkpoint", "Imaging", "JSONScanning", "MediaCodecs", "MediaDecoding",
                "MediaFormats", "ModelLoading", "Tensor",
            ])
        + library(
            "Concepts", ["JSONScanning", "ModelLoading", "Tensor", system],
            tests: ["JSONScanning", "ModelLoading", "Tensor"])
        + library(
            "LLaVAMini",
            [
                "CLIP", "Checkpoint", "Concepts", "Imaging", "JSONScanning", "ModelLoading",
                "Tensor", "Tokenization", system,
            ],
            tests: [
                "CLIP", "Checkpoint", "Concepts", "Imaging", "JSONScanning", "MediaCodecs",
                "MediaDecoding", "MediaFormats", "ModelLoading", "Tensor", "Tokenization",
            ])
        + library(
            "ModelConversion",
            [
                "CLIP", "Checkpoint", "Concepts", "Digests", "FileSystem", "LLaVAMini",
                "ModelLoading", "Tensor", system,
            ],
            tests: [
                "CLIP", "Checkpoint", "Concepts", "FileSystem", "Imaging", "JSONScanning",
                "LLaVAMini", "ModelLoading", "Tensor",
            ])
        + library(
            "MediaDecoding", ["CProcess", "Imaging", system],
            tests: ["Imaging", "vignette-decoder"])
        + library("XMPWriting", ["MediaDecoding"], tests: ["MediaDecoding", "XMPEditing"])
        + library(
            "XMPEditing", ["CExpat", "MediaDecoding", "XMPWriting"],
            tests: ["MediaDecoding", "XMPWriting"])
        + library(
            "MediaCodecs",
            [
                "CColour", "CExempi", "CHEIF", "CJPEGShim", "CJXL", "CLCMS", "CLibAV",
                "COpenJPEGShim", "CProcess",
                "CRawShim", "CSandbox", "CTIFFShim", "CWebP", "CZlib", "Digests", "Imaging",
                "MediaDecoding", "MediaFormats", "XMPEditing", "XMPWriting", system,
            ],
            tests: [
                "CColour", "CEscapeProbes", "CZlib", "Imaging", "MediaDecoding", "MediaFormats",
                "XMPWriting", "escape-probes",
            ])
        + library(
            "Finding",
            [
                "CLIP", "Captioning", "Catalogue", "Digests", "LLaVAMini", "Likeness",
                "VectorIndex", "WorkQueue", system,
            ],
            tests: ["CLIP", "Catalogue", "VectorIndex", "WorkQueue", grdb, system])
        + library(
            "Explaining", ["CLIP", "CPNG", "Captioning", "Imaging", "LLaVAMini", system],
            tests: ["CLIP", "Captioning", "Imaging", "LLaVAMini"])
        + library("Likeness", ["CKernels", "Imaging"], tests: ["CKernels", "Imaging"])
        + library("MediaFormats", [])
        + library(
            "VectorIndex", ["CKernels", "FileSystem", "Tensor", system],
            tests: ["CKernels", "Tensor", "vector-index-filler"])
        + library("WorkQueue", [])
        + library(
            "RemoteWork",
            ["CLinux", "CPQ", "Digests", "Imaging", "MediaDecoding", "WorkQueue"],
            tests: ["Imaging", "MediaDecoding", "WorkQueue"])
        + library(
            "Sidecars",
            [
                "CLinux", "Catalogue", "Digests", "FileSystem", "MediaDecoding", "XMPWriting",
                system,
            ],
            tests: [
                "CLinux", "Catalogue", "FileSystem", "MediaDecoding", "XMPEditing",
                "faulty-file-system",
                "vignette-decoder", grdb,
            ])
        + library(
            "Catalogue",
            [
                "CSQLiteSettings", "Digests", "FileSystem", "MediaDecoding", "WorkQueue", grdb,
                system,
            ],
            tests: ["FileSystem", "MediaDecoding", "WorkQueue", grdb])
        + library(
            "ModelHub",
            ["CCurl", "Digests", "FileSystem", "JSONScanning", system],
            tests: ["FileSystem", "TestHub", nio("NIOHTTP1")])
        + library(
            "FolderWatching", ["CLinux", "FileSystem", "MediaFormats", system],
            tests: ["FileSystem", "MediaFormats", "faulty-file-system"])
        + library(
            "Captioning",
            [
                "CLIP", "Concepts", "Digests", "Imaging", "LLaVAMini", "MediaDecoding",
                "ModelLoading", "Processors", "Tensor", system,
            ],
            tests: [
                "CLIP", "Concepts", "Digests", "Imaging", "LLaVAMini", "MediaDecoding",
                "ModelLoading",
            ])
        + library(
            "Benchmarking",
            ["CBench", "CLIP", "Imaging", "LLaVAMini", "ModelLoading", "Tensor", system],
            tests: ["CBench", "CLIP", "Imaging", "LLaVAMini", "ModelLoading"])
        + library(
            "Daemon",
            [
                "CLinux", "Captioning", "Catalogue", "Digests", "FileSystem", "Finding",
                "FolderWatching", "Imaging", "LLaVAMini", "Likeness", "MediaDecoding",
                "MediaFormats", "RemoteWork", "Sidecars", "VectorIndex", "WorkQueue",
                configuration, logging, system, yams,
            ],
            tests: [
                "Captioning", "Catalogue", "Digests", "FileSystem", "FolderWatching", "Imaging",
                "Likeness", "MediaDecoding", "WorkQueue", "vignette-decoder", grdb, logging,
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
            name: "duplicates-benchmark",
            dependencies: ["Imaging", "Likeness", "MediaDecoding", system],
            path: "Benchmarks/Duplicates"),
        .executableTarget(
            name: "index-benchmark", dependencies: ["CBench", "Tensor", "VectorIndex", system],
            path: "Benchmarks/VectorIndex"),
        .executableTarget(
            name: "queue-benchmark",
            dependencies: [
                "Catalogue", "FileSystem", "Imaging", "RemoteWork", "WorkQueue", system,
            ],
            path: "Benchmarks/Queue"),
        .executableTarget(
            name: "tokenizer-benchmark", dependencies: ["Tokenization", system],
            path: "Benchmarks/Tokenizer"),
    ]
}

// Swift 6.3.1 computes wrong values in this pass: where a loop's switch assigned one member of a struct in each
// case, the optimised program lost two assignments, in plain code without anything unsafe, and with this pass
// alone left out it was right. It only makes programs smaller, so that it stays out until a compiler is
// known to have it right.
let soundOptimisation = SwiftSetting.unsafeFlags(
    ["-Xllvm", "-sil-disable-pass=late-codemotion"], .when(configuration: .release))

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            soundOptimisation,
        ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])
}
