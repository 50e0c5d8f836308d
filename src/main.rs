//! The `quoin` binary: hands the arguments to the library's command line.

fn main() {}
