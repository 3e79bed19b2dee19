import Foundation
import XCTest

@testable import Bareme

final class BaremeTests: XCTestCase {
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        repeat { folder.deleteLastPathComponent() }
        while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("spec/vectors").path) && folder.path != "/"
        return folder
    }()

    private func official() throws -> Methodology { try methodology(name: "observatoire-instagram@2017.10") }

    private func cohort() throws -> Cohort {
        let file = Self.root.appendingPathComponent("examples/petite-france/cohort-synthetic.csv")
        return try Cohort.fromCsv(table: Data(contentsOf: file), methodology: official())
    }

    private func menton() -> Territory {
        let metrics: [String: Double] = ["followers": 18700, "following": 350, "posts": 31, "likes": 9000, "comments": 240]
        return Territory(
            id: "06083", name: "Menton", structureType: "commune", population: 30326,
            accounts: [Account(network: "instagram", metrics: metrics)])
    }

    func testAloneAsInTheCohort() throws {
        let scoring = try official().score(cohort: cohort())
        let reference = try scoring.reference()
        for id in try scoring.cohort().ids() {
            XCTAssertEqual(try scoring.territory(idOrName: id), try reference.scoreIn(cohort: scoring.cohort(), idOrName: id))
        }
    }

    func testSimulation() throws {
        let reference = try official().score(cohort: cohort()).reference()
        let simulation = try reference.simulate(menton(), network: "instagram", metric: "likes", value: 30000)
        XCTAssertEqual(simulation.before, try reference.score(territory: menton()))
        XCTAssertEqual(simulation.moved.count, 1)
        XCTAssertEqual(simulation.moved[0].after.raw?.bitPattern, 5.216491288597551.bitPattern)
    }

    func testGrowthAndWhatIsLeftOut() throws {
        let own = self.menton()
        let menton = Territory(
            id: own.id, name: own.name, structureType: own.structureType, population: own.population,
            accounts: own.accounts, previous: [Account(network: "instagram", metrics: ["followers": 100])])
        let period = Period(from: "2026-10-01", to: "2026-10-31")
        let cohort = try Cohort.fromTerritories(territories: [menton], period: period)
        XCTAssertEqual(try cohort.ids(), ["06083"])
        XCTAssertEqual(try cohort.ignored(), [])
        XCTAssertThrowsError(try Cohort.fromTerritories(territories: [menton], period: Period(from: "a", to: "b")))
    }

    func testFaults() throws {
        XCTAssertThrowsError(try Cohort.fromJson("{")) { error in
            XCTAssertEqual((error as? BaremeError)?.code, "json_syntax")
        }
        XCTAssertThrowsError(try methodology(name: "nothing@1")) { error in
            guard case .NotFound? = error as? BaremeError else { return XCTFail("\(error)") }
        }
    }

    func testPublication() throws {
        let publication = try official().score(cohort: cohort()).publication()
        XCTAssertTrue(try verify(document: publication.toBytes()).verified)
        XCTAssertTrue(try verify(document: publication.receipt(territory: "06083").toBytes()).verified)
    }

    func testManyTasks() async throws {
        let (official, cohort) = (try self.official(), try self.cohort())
        let expected = try official.score(cohort: cohort).toJson()
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { try await official.scoreInBackground(cohort, threads: 2).toJson() }
            }
            for try await text in group { XCTAssertEqual(text, expected) }
        }
    }
}
