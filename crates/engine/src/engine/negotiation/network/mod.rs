//! Networks of hosts (model, sections 3 and 4): how well hosts serve, what a change of hosts captures, which network is to be expected.

pub mod expected;
pub mod hosts;
pub mod ranks;
pub mod service;
