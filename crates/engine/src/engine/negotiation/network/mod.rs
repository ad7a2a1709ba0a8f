//! Networks of hosts (model, sections 3 and 4): who is served from where, what hosts are worth, which network is to be expected.

mod allocation;
pub mod assured;
pub mod entry;
pub mod expected;
pub mod hosts;
pub mod peers;
pub mod service;
pub mod worth;
