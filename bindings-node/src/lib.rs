//! The native half of the npm package `bareme`.
//!
//! It converts, calls the core and maps errors; nothing is computed here. The JavaScript beside it
//! (`lib/`) is the only caller, so that types are what it hands over, and is what users see and what
//! `index.d.ts` describes.

#![allow(clippy::needless_pass_by_value, reason = "the macros hand over what they have read, as values")]
#![allow(unreachable_pub, reason = "the macros ask for `pub` of what only they call")]
#![allow(missing_debug_implementations, reason = "typed arrays have none")]
#![cfg_attr(test, allow(dead_code, reason = "under test the macros register nothing"))]

mod alone;
mod cohort;
mod columns;
mod guard;
mod handles;
mod methodology;
mod publication;
mod records;
mod reference;
mod scoring;
mod shape;
mod testing;
