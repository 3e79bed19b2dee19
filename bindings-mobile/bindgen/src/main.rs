//! uniffi's generator, in the version with which the library is built: `cargo xtask mobile` runs it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
