import Foundation

// Documents as text, beside the bytes that the library takes.

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
}
