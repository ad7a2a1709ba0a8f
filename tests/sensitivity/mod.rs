//! Sensitivity estimators against exact values and the accuracy of the best peers.

mod functions;
mod given;
mod sequence;
mod variance;
