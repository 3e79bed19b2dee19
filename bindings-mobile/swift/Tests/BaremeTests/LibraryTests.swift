// What only the library for tests has: `cargo xtask mobile --test` runs these with it.
#if BAREME_TESTING
import Foundation
import XCTest

@testable import Bareme

final class LibraryTests: XCTestCase {
    func testEveryVector() throws {
        let folder = BaremeTests.root.appendingPathComponent("spec/vectors/bareme-1")
        let pages = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var count = 0
        for page in pages where page.pathExtension == "json" {
            for outcome in try selfTest(page: Data(contentsOf: page)) {
                XCTAssertEqual(outcome.differences, [], outcome.id)
                count += 1
            }
        }
        XCTAssertGreaterThan(count, 1600)
    }

    func testPanicIsAnError() throws {
        XCTAssertThrowsError(try selfTestPanic()) { error in
            guard case .Internal? = error as? BaremeError else { return XCTFail("\(error)") }
        }
        XCTAssertThrowsError(try selfTestPanicOutside())
    }
}
#endif
