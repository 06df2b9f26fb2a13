//! Attempts to get out of the walls, each of which must be refused.
//!
//! They run as whoever runs the tests and, if that is root, as other users too. What the machine
//! cannot test is printed with `NOT TESTED`.

#[path = "walls/call.rs"]
mod call;
#[path = "walls/control.rs"]
mod control;
#[path = "walls/environment.rs"]
mod environment;
#[path = "walls/fixture.rs"]
mod fixture;
#[path = "walls/git.rs"]
mod git;
#[path = "walls/house.rs"]
mod house;
#[path = "walls/lesser.rs"]
mod lesser;
#[path = "walls/network.rs"]
mod network;
#[path = "walls/own.rs"]
mod own;
#[path = "walls/reach.rs"]
mod reach;
#[path = "walls/read.rs"]
mod read;
#[path = "walls/repository.rs"]
mod repository;
#[path = "walls/rider.rs"]
mod rider;
#[path = "walls/scan.rs"]
mod scan;
#[path = "walls/scope.rs"]
mod scope;
#[path = "walls/socket.rs"]
mod socket;
#[path = "walls/task.rs"]
mod task;
#[path = "walls/told.rs"]
mod told;
#[path = "walls/trick.rs"]
mod trick;
#[path = "walls/way.rs"]
mod way;
