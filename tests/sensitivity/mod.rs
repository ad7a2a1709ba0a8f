//! Sensitivity estimators against exact values and the accuracy of the best peers.

mod agreement;
mod bars;
mod chance;
mod few_values;
mod functions;
mod given_data;
mod groups;
mod large_groups;
mod nothing_to_tell;
mod sequence;
mod variance;
