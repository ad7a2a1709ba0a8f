//! What was looked at lately is not forgotten.

use crate::support::follow;
use mufakat::engine::negotiation::network::service::ServiceCache;
use mufakat::scenario::from_text;
use std::collections::BTreeMap;

/// More services than are remembered.
const MANY: u64 = 1 << 13;

#[test]
fn a_service_stays_while_one_more_is_located() {
    const BASELINE: &str = include_str!("../../scenarios/asean-2027.toml");
    let model = from_text("asean-2027.toml", BASELINE).expect("the baseline is valid");
    let economy = &follow(&model, 0)[0].economy;
    let (n, m) = (economy.n, economy.m as u64);
    let mut service = ServiceCache::new(n, m as usize);
    service.open(economy);
    service.set_rules(economy, 0.0, 0);
    // Sets of hosts of one hyperscaler after the other.
    let locate = |service: &mut ServiceCache, k: u64| {
        service.locate(economy, (k / (1 << n) % m) as usize, k % (1 << n))
    };
    let known = |service: &ServiceCache, cell: usize| service.quality(cell).to_vec();
    // Cells are taken one after the other, and the first again when all are: who was last found in each, and which was taken last.
    let (mut owners, mut taken, mut in_the_way) = (BTreeMap::new(), 0, 0);
    for k in 0..MANY {
        let next = owners.get(&(taken + 1)).or_else(|| owners.get(&0));
        let old = locate(&mut service, next.copied().unwrap_or(k));
        let before = known(&service, old);
        let cell = locate(&mut service, k);
        assert_eq!(known(&service, old), before, "service {k}");
        in_the_way += u64::from(owners.insert(cell, k).is_some());
        taken = cell;
    }
    assert!(in_the_way > MANY / 4, "{in_the_way}");
}
