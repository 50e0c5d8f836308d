//! Compiles the protocol: proto/ by protox (no protoc), messages and services by prost and tonic, into OUT_DIR.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("proto");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("quoin/v1"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|found| found == "proto"));
    files.sort();
    println!("cargo:rerun-if-changed=proto");

    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let descriptors = protox::compile(&files, [root])?;
    std::fs::write(out.join("quoin.binpb"), prost::Message::encode_to_vec(&descriptors))?;
    tonic_prost_build::configure()
        .btree_map(".")
        .bytes(".quoin.v1.ImportRequest.chunk")
        .compile_fds(descriptors)?;
    Ok(())
}
