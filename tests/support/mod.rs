//! Helpers shared by several tests.
#![allow(dead_code)] // Each test is a crate of its own and uses a part of this.

pub mod desk;
pub mod mentored;
pub mod questions;
pub mod year;
