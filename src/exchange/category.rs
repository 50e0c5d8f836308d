//! What is a category path? Levels from the root down, `/` between them.

use crate::domain::ids::{IdError, check_external_id};
use crate::domain::limits;

/// Why a text is no category path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CategoryError {
    /// A level is no external id.
    #[error("has a level that {0}")]
    Level(IdError),
    /// Over [`limits::CATEGORY_LEVELS`].
    #[error("has more than {} levels", limits::CATEGORY_LEVELS)]
    TooDeep,
}

/// Checks that each level is an external id and that there are not too many.
///
/// # Errors
/// What is wrong with the first level at fault.
pub fn check_category_path(path: &str) -> Result<(), CategoryError> {
    let mut levels = 0;
    for level in path.split('/') {
        check_external_id(level).map_err(CategoryError::Level)?;
        levels += 1;
    }
    if levels > limits::CATEGORY_LEVELS { Err(CategoryError::TooDeep) } else { Ok(()) }
}
