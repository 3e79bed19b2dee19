//! The values of the core that JavaScript holds.

use std::sync::Arc;

use bareme::{Cohort, Scoring};
use napi::bindgen_prelude::{Env, ObjectFinalize};
use napi_derive::napi;

use crate::alone::Loaded;
use crate::guard::drop_guarded;

/// Defines the class that holds a value of the core.
macro_rules! handles {
    ($($(#[$meta:meta])* $name:ident($inner:ty);)*) => {
        $(
            $(#[$meta])*
            #[napi(custom_finalize)]
            #[derive(Debug)]
            pub struct $name {
                pub(crate) inner: $inner,
                /// What JavaScript was told that it weighs, in bytes.
                weight: i64,
            }

            impl ObjectFinalize for $name {
                fn finalize(self, env: Env) -> napi::Result<()> {
                    let weight = self.weight;
                    drop_guarded(self);
                    weigh(env, weight.saturating_neg());
                    Ok(())
                }
            }

            impl $name {
                /// The value, about so many bytes large.
                pub(crate) fn weighing(env: Env, inner: $inner, bytes: usize) -> Self {
                    let weight = i64::try_from(bytes).unwrap_or(i64::MAX);
                    weigh(env, weight);
                    Self { inner, weight }
                }
            }

            impl From<$inner> for $name {
                fn from(inner: $inner) -> Self {
                    Self { inner, weight: 0 }
                }
            }
        )*
    };
}

/// Tells JavaScript of memory that it cannot see, so that it collects what holds it in time.
fn weigh(env: Env, bytes: i64) {
    if bytes != 0 {
        // That it cannot be told changes nothing else.
        let _ = env.adjust_external_memory(bytes);
    }
}

/// About how many bytes a cohort takes: only the order matters.
pub(crate) fn weight_of(cohort: &Cohort) -> usize {
    const TERRITORY: usize = 500;
    cohort.len().saturating_mul(TERRITORY)
}

/// About how many bytes a scoring takes, its cohort apart.
pub(crate) fn weight_of_scoring(scoring: &Scoring) -> usize {
    const INDEX: usize = 40;
    let indices = scoring.indices().len();
    let own = scoring.len().saturating_mul(indices.saturating_mul(INDEX).saturating_add(40));
    scoring.parts().iter().map(weight_of_scoring).fold(own, usize::saturating_add)
}

handles! {
    /// A methodology.
    NativeMethodology(bareme::Methodology);
    /// A cohort.
    NativeCohort(Arc<bareme::Cohort>);
    /// A scoring.
    NativeScoring(Arc<bareme::Scoring>);
    /// A reference.
    NativeReference(Loaded);
    /// A publication.
    NativePublication(Arc<bareme::Publication>);
    /// A receipt.
    NativeReceipt(Arc<bareme::Receipt>);
}
