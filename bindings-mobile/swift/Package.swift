// swift-tools-version:5.9
import PackageDescription

// `cargo xtask mobile` writes Sources/Bareme/Generated and the C header from the library, so that they cannot disagree.
// On Linux the library is found by `-Xlinker -L‹folder›`; for Apple's platforms it goes into an XCFramework: README.md.
let package = Package(
    name: "Bareme",
    platforms: [.iOS(.v13), .macOS(.v10_15)],
    products: [.library(name: "Bareme", targets: ["Bareme"])],
    targets: [
        .target(name: "BaremeFFI"),
        .target(
            name: "Bareme",
            dependencies: ["BaremeFFI"],
            linkerSettings: [.linkedLibrary("bareme_mobile")]
        ),
        .testTarget(name: "BaremeTests", dependencies: ["Bareme"]),
    ]
)
