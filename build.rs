//! Compiles the protocol: proto/ by protox (no protoc), messages and services by prost and tonic, into OUT_DIR.

use std::error::Error;
use std::path::{Path, PathBuf};

use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Type;

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
    let mut building = tonic_prost_build::configure().btree_map(".").bytes(".quoin.v1.ImportRequest.chunk");
    let mut descriptors = descriptors;
    for (message, field) in LEFT_ENCODED {
        leave_encoded(&mut descriptors, message, field)?;
        building = building.bytes(format!(".quoin.v1.{message}.{field}"));
    }
    building.compile_fds(descriptors)?;
    Ok(())
}

/// Messages within messages that the generated code keeps as the bytes that they are on the wire: what a quote was told is kept
/// so, and sent again without being read.
const LEFT_ENCODED: [(&str, &str); 2] = [("Quote", "cart"), ("GetQuoteResponse", "today")];

/// On the wire a message within a message is nothing but bytes with their length.
fn leave_encoded(descriptors: &mut FileDescriptorSet, message: &str, field: &str) -> Result<(), String> {
    let messages = descriptors.file.iter_mut().flat_map(|file| &mut file.message_type);
    let mut fields = messages.filter(|of| of.name() == message).flat_map(|of| &mut of.field);
    let found = fields.find(|of| of.name() == field);
    let found = found.ok_or_else(|| format!("{message} has no field {field}"))?;
    found.set_type(Type::Bytes);
    found.type_name = None;
    Ok(())
}
