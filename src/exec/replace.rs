//! Becoming the program, where nothing has to be supervised.

use super::child::undo_startup;
use super::error::ExecError;
use super::launch::Launch;
use crate::decide::policy::Permit;
use nix::unistd::{execv, execve};

/// Becomes the program in this very process. Comes back only if that fails.
pub fn replace(permit: Permit, launch: &Launch) -> ExecError {
    drop(permit);
    undo_startup();
    let result = match &launch.environment {
        None => execv(&launch.program, &launch.arguments),
        Some(environment) => execve(&launch.program, &launch.arguments, environment),
    };
    let program = launch.program.to_string_lossy().into_owned();
    match result {
        Err(errno) => ExecError::Program { program, errno },
        Ok(never) => match never {},
    }
}
