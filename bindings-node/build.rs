//! Tells the linker how a Node add-on is linked.

fn main() {
    napi_build::setup();
}
