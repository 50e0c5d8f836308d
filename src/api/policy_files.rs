//! Which files does a stream of parts make? Gathered in memory, within the limits of a policy.

use tonic::{Code, Status};

use crate::domain::limits;
use crate::engine::policy::PolicyFile;

use super::status::{Entry, Subject, Violation, policy_status, violation_status};
use super::v1;
use super::v1::policy_part::Part;

/// Files on their way in.
#[derive(Debug, Default)]
pub struct PolicyFiles {
    files: Vec<(String, Vec<u8>)>,
    bytes: usize,
    ended: bool,
}

fn wrong(field: &str, description: impl Into<String>) -> Status {
    violation_status(Violation::new(field, description))
}

impl PolicyFiles {
    /// Takes a part.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a part out of turn, or more than a policy may have.
    pub fn take(&mut self, part: Option<v1::PolicyPart>) -> Result<(), Status> {
        let part = part.and_then(|part| part.part).ok_or_else(|| wrong("part", "is missing"))?;
        if self.ended {
            return Err(wrong("part", "comes after the end"));
        }
        match part {
            Part::File(file) => {
                if self.files.len() >= limits::POLICY_FILES {
                    let most = limits::POLICY_FILES;
                    return Err(wrong("file", format!("comes more often than {most} times")));
                }
                self.files.push((file.name, Vec::new()));
            }
            Part::Chunk(chunk) => {
                self.bytes = self.bytes.saturating_add(chunk.len());
                if self.bytes > limits::POLICY_BYTES {
                    let most = limits::POLICY_BYTES;
                    return Err(wrong("chunk", format!("brings more than the {most} bytes of a policy")));
                }
                let missing = || wrong("chunk", "comes before a file was opened");
                self.files.last_mut().ok_or_else(missing)?.1.extend_from_slice(&chunk);
            }
            Part::End(end) => {
                let sent = self.files.len();
                if usize::try_from(end.files) != Ok(sent) {
                    return Err(wrong("end.files", format!("is {}, but {sent} files came", end.files)));
                }
                self.ended = true;
            }
        }
        Ok(())
    }

    /// The files, once the stream has ended.
    ///
    /// # Errors
    /// ABORTED where it broke off, INVALID_ARGUMENT for a file that is no text.
    pub fn finish(self) -> Result<Vec<PolicyFile>, Status> {
        if !self.ended {
            let entry = Entry { code: Code::Aborted, reason: "BROKEN_OFF", subject: Subject::None };
            return Err(entry.status("the stream ended without its end message: nothing was done"));
        }
        let files = self.files.into_iter().map(|(name, bytes)| PolicyFile::of_bytes(&name, bytes));
        files.collect::<Result<_, _>>().map_err(|error| policy_status(&error))
    }
}
