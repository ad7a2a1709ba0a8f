//! What a set of hosts is worth to a hyperscaler, Π (14), against hosting nowhere.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::service::compliance;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::hosts::Network;
use crate::engine::negotiation::network::service::ServiceCache;

/// Π_h(hosts) − Π_h(∅) with rivals' hosts as in `network` and M = `accord`, USD bn.
pub fn worth(
    economy: &Economy,
    arm_economy: &ArmEconomy,
    service: &mut ServiceCache,
    network: &Network,
    accord: StateSet,
    h: usize,
    hosts: StateSet,
) -> f64 {
    let cell = service.locate(economy, h, hosts);
    let (capital, quality) = (service.capital(h, cell), service.quality(cell));
    let demand = (network.market(economy, h)).demand(quality, &economy.outside_lanes);
    let hosting = members(hosts).map(|i| arm_economy.hosting_cost[i * economy.m + h]);
    demand - hosting.sum::<f64>() - capital - regime(economy, arm_economy, accord, h, hosts)
}

/// comp_h(hosts) with M = `accord` (15), USD bn.
pub fn regime(
    economy: &Economy,
    arm_economy: &ArmEconomy,
    accord: StateSet,
    h: usize,
    hosts: StateSet,
) -> f64 {
    let eta = arm_economy.rules.harmonisation;
    compliance(hosts, accord, eta, &economy.compliance[h..], economy.m)
}
