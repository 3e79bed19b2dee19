//! The values of the core that JavaScript holds.

use std::sync::Arc;

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
            }

            impl ObjectFinalize for $name {
                fn finalize(self, _: Env) -> napi::Result<()> {
                    drop_guarded(self);
                    Ok(())
                }
            }

            impl From<$inner> for $name {
                fn from(inner: $inner) -> Self {
                    Self { inner }
                }
            }
        )*
    };
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
