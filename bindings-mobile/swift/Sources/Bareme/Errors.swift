import Foundation

extension BaremeError {
    /// What is wrong with the input: every fault at once.
    public var faults: [Fault] {
        switch self {
        case .Input(let faults, _), .NotFound(let faults, _), .Cancelled(let faults, _), .Internal(let faults, _):
            return faults
        }
    }

    /// The code of the first fault, the same in every language.
    public var code: String { faults.first?.code ?? "internal" }

    /// The faults in words, a line for each.
    public func lines(_ language: Language) -> [String] { faults.map { $0.line.in(language) } }
}

extension BaremeError: LocalizedError {
    /// The faults in words, in French where that is what the user reads, in English elsewhere.
    public var errorDescription: String? {
        let french = Locale.preferredLanguages.first?.hasPrefix("fr") ?? false
        return lines(french ? .french : .english).joined(separator: "\n")
    }
}

extension Text {
    /// The version in a language.
    public func `in`(_ language: Language) -> String {
        switch language {
        case .french: return fr
        case .english: return en
        }
    }
}

extension Fault {
    /// The JSON Pointer, when the fault is in a document.
    public var pointer: String? {
        if case .pointer(let pointer) = place { return pointer }
        return nil
    }
}
