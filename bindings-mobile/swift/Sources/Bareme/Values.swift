import Foundation

// Documents as text, and names of arguments as Swift has them, beside what uniffi writes.

extension Methodology {
    /// Reads a document; `others` are those that it may pin beside the embedded ones.
    public static func fromJson(_ document: String, others: [Methodology] = []) throws -> Methodology {
        try fromJson(document: Data(document.utf8), others: others)
    }

    /// Another methodology: this one changed by a JSON Merge Patch (RFC 7396).
    public func variant(_ patch: String) throws -> Methodology {
        try variant(patch: Data(patch.utf8))
    }
}

extension Cohort {
    /// Reads CSV: one table, or one of accounts and one of `territories`. What `methodology` does not know is a fault, or
    /// left out when `ignoreUnknown` is true.
    public static func fromCsv(
        _ table: String, methodology: Methodology, territories: String? = nil, period: Period? = nil,
        ignoreUnknown: Bool = false
    ) throws -> Cohort {
        try fromCsv(
            table: Data(table.utf8), methodology: methodology, territories: territories.map { Data($0.utf8) },
            period: period, ignoreUnknown: ignoreUnknown)
    }

    /// Reads a cohort document.
    public static func fromJson(_ document: String) throws -> Cohort {
        try fromJson(document: Data(document.utf8))
    }
}

extension Reference {
    /// Reads a reference document; without `methodology`, the embedded one that it names is taken.
    public static func fromJson(_ document: String, methodology: Methodology? = nil) throws -> Reference {
        try fromJson(document: Data(document.utf8), methodology: methodology)
    }

    /// What would one metric of the territory's account on a network bring, were it `value`?
    public func simulate(_ territory: Territory, network: String, metric: String, value: Double) throws -> Simulation {
        try simulate(territory: territory, changes: [Change(network: network, metric: metric, value: value)])
    }
}
