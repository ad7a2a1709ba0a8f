//! Sensitivity estimators against exact values and the accuracy of the best peers.

mod functions;
mod given_data;
mod rounding;
mod sequence;
mod variance;
