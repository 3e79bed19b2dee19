import Dispatch
import Foundation

/// Does some work on a thread that may wait, and not on one of those that tasks share.
private func inBackground<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .userInitiated).async {
            continuation.resume(with: Result(catching: work))
        }
    }
}

extension Methodology {
    /// Scores a cohort on other threads, `threads` of them. When the task is cancelled, the work stops soon after, and
    /// ``BaremeError/Cancelled(faults:omitted:)`` is thrown.
    public func scoreInBackground(_ cohort: Cohort, threads: Int32 = 1, watch: Watch = Watch()) async throws -> Scoring {
        try await withTaskCancellationHandler {
            try await inBackground { try self.score(cohort: cohort, threads: threads, watch: watch) }
        } onCancel: {
            watch.stop()
        }
    }
}

/// Verifies a publication or a receipt on another thread.
public func verifyInBackground(
    _ document: Data, cohort: Cohort? = nil, reference: Data? = nil, keys: [String] = [], known: [Methodology] = []
) async throws -> Verification {
    try await inBackground {
        try verify(document: document, cohort: cohort, reference: reference, keys: keys, known: known)
    }
}
