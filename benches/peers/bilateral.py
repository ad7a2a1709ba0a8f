"""The bilateral arm in Python with numba: sections 2 to 5 and 8 of the model for `mode = "bilateral"`, pairs in the listed order.

Written as one would who wants it fast: worlds lie side by side in arrays, a compiled kernel plays them one by one, in parallel where
asked. `run.py` checks its payoffs against the engine's on the engine's own draws and times both.
"""

import math

import numpy as np
from common import beta_of_pert
from numba import njit, prange
from scipy.special import betaincinv

SHARED = (
    "market.region_efficiency market.outside_efficiency market.capex_intensity market.capital_charge market.coverage_rate "
    "market.contingent_share market.talent_elasticity market.ramp_years market.remote_value market.data_drag market.diversion "
    "bargaining.foresight dynamics.talent_rate dynamics.compute_rate dynamics.dependency_rate dynamics.lock_in dynamics.sunk "
    "dynamics.power_gain"
).split()
STATE = (
    "gdp gdp_growth digital_gmv gmv_growth ai_spend_share ai_uplift talent infrastructure compute residency strictness hub "
    "bargaining_power discount_rate"
).split()
SUPPLIER = "market_share operating_margin discount_rate entry_cost compliance_cost capex_budget".split()
TERM = (
    "state_value state_curvature cost cost_curvature min max talent_effect compute_effect portability_effect"
).split()
DEFAULTS = {"capex_budget": math.inf, "hub": 1.0, "strictness": 1.0, "max": 1.0}
TIE = 1e-12


class Worlds:
    """Arrays of all quantities, world by world, from a resolved scenario and `draws`: the values of each uncertain path."""

    def __init__(self, scenario: dict, draws: dict[str, np.ndarray], count: int):
        self.draws, self.count = draws, count
        states, suppliers, terms = (scenario[key] for key in ("state", "hyperscaler", "term"))
        ids, homes, names = ([item["id"] for item in items] for items in (states, suppliers, terms))
        n, m, k = len(ids), len(homes), len(names)
        self.years, self.windows = float(scenario["horizon"]["window_years"]), scenario["horizon"]["windows"]
        self.growth = scenario["market"].get("uplift_is", "growth") == "growth"
        self.shared = self.filled(len(SHARED))
        for at, path in enumerate(SHARED):
            section, key = path.split(".")
            self.put(self.shared[:, at], path, scenario.get(section, {}).get(key, 0.0))
        self.state = self.table("state", states, STATE)
        self.supplier = self.table("hyperscaler", suppliers, SUPPLIER)
        self.term = self.table("term", terms, TERM)
        self.value = self.multipliers("state", states, "values", names)
        self.cost = self.multipliers("hyperscaler", suppliers, "costs", names)
        self.fit, self.feasible = self.filled(n, m, value=1.0), self.filled(n, m, value=1.0)
        for pair in scenario.get("pair", []):
            i, h = ids.index(pair["state"]), homes.index(pair["hyperscaler"])
            path = f"pair.{pair['state']}.{pair['hyperscaler']}"
            self.put(self.fit[:, i, h], f"{path}.fit", pair.get("fit", 1.0))
            self.put(self.feasible[:, i, h], f"{path}.feasible", pair.get("feasible", 1.0))
        self.efficiency = np.repeat(self.shared[:, :1], n * n, axis=1).reshape(count, n, n)
        for link in scenario.get("link", []):
            i, j = (ids.index(end) for end in link["between"])
            for path in (f"link.{ids[i]}.{ids[j]}.efficiency", f"link.{ids[j]}.{ids[i]}.efficiency"):
                if path in draws or not isinstance(link["efficiency"], dict):
                    self.put(self.efficiency[:, i, j], path, link["efficiency"])
            self.efficiency[:, j, i] = self.efficiency[:, i, j]

    def filled(self, *shape: int, value: float = 0.0) -> np.ndarray:
        return np.full((self.count, *shape), value)

    def put(self, column: np.ndarray, path: str, value) -> None:
        """The draws of a path, or its constant."""
        if path in self.draws:
            column[:] = self.draws[path]
        else:
            column[:] = value["value"] if isinstance(value, dict) else value

    def table(self, section: str, items: list[dict], keys: list[str]) -> np.ndarray:
        out = self.filled(len(items), len(keys))
        for at, item in enumerate(items):
            for column, key in enumerate(keys):
                self.put(out[:, at, column], f"{section}.{item['id']}.{key}", item.get(key, DEFAULTS.get(key, 0.0)))
        return out

    def multipliers(self, section: str, items: list[dict], key: str, names: list[str]) -> np.ndarray:
        out = self.filled(len(items), len(names), value=1.0)
        for at, item in enumerate(items):
            for column, name in enumerate(names):
                path = f"{section}.{item['id']}.{key}.{name}"
                self.put(out[:, at, column], path, item.get(key, {}).get(name, 1.0))
        return out

    def play(self) -> np.ndarray:
        """Payoff of each state in each world, discounted, USD bn."""
        arrays = (self.shared, self.state, self.supplier, self.term, self.value, self.cost, self.fit, self.feasible, self.efficiency)
        return play_worlds(*arrays, self.years, self.windows, self.growth)


def draw(quantities, count: int, seed: int, inverse: bool) -> dict[str, np.ndarray]:
    """Worlds drawn by numpy, or with `inverse` by inverse distribution functions of uniforms, which designs and correlations need.

    `quantities`: (path, value) as in a resolved scenario.
    """
    rng = np.random.default_rng(seed)
    draws = {}
    for path, spec in quantities:
        kind = spec.get("dist") if isinstance(spec, dict) else None
        if kind == "pert":
            low, width, alpha, beta = beta_of_pert(spec)
            unit = betaincinv(alpha, beta, rng.random(count)) if inverse else rng.beta(alpha, beta, count)
            draws[path] = low + width * unit
        elif kind == "bernoulli":
            draws[path] = (rng.random(count) < spec["p"]).astype(float)
        elif kind is not None:
            raise ValueError(f"{path}: the baseline has no {kind}")
    return draws


@njit(cache=True)
def annuity(rate, years):
    return years if rate == 0.0 else -math.expm1(-years * math.log1p(rate)) / rate


@njit(cache=True)
def ramp(growth, tau, years):
    if growth:
        return tau * tau / (2 * years) if tau < years else tau - years / 2
    return 1.0 if years == 0.0 else min(1.0, tau / years)


@njit(cache=True)
def level(k, lam, a, c, term):
    """x_k of (23)."""
    top = lam * a[k] - (1 - lam) * c[k]
    bottom = lam * term[k, 1] + (1 - lam) * term[k, 3]
    low, high = term[k, 4], term[k, 5]
    if bottom == 0.0:
        return high if top > 0.0 else low
    return min(max(top / bottom, low), high)


@njit(cache=True, fastmath=True)
def point(lam, a, c, term):
    """Value, cost and their slopes at one point of the frontier per unit of size (21) to (23)."""
    value, cost, value_slope, cost_slope = 0.0, 0.0, 0.0, 0.0
    for k in range(len(a)):
        b, d = term[k, 1], term[k, 3]
        top, bottom = lam * a[k] - (1 - lam) * c[k], lam * b + (1 - lam) * d
        if bottom == 0.0:
            x = term[k, 5] if top > 0.0 else term[k, 4]
        else:
            x = top / bottom
            if x <= term[k, 4]:
                x = term[k, 4]
            elif x >= term[k, 5]:
                x = term[k, 5]
            else:
                slope = (a[k] * d + b * c[k]) / (bottom * bottom)
                value_slope += (a[k] - b * x) * slope
                cost_slope += (c[k] + d * x) * slope
        value += x * (a[k] - 0.5 * b * x)
        cost += x * (c[k] + 0.5 * d * x)
    return value, cost, value_slope, cost_slope


@njit(cache=True)
def nash(size, state, supplier, beta, a, c, term, middle):
    """λ of (25) by Newton's method in a bracket, negative where no deal exists; both sides could gain at an end."""
    low, high, lam = 0.0, 1.0, 0.5
    value, cost, value_slope, cost_slope = middle
    last = math.inf
    for _ in range(200):
        u_s, u_h = state + size * value, supplier - size * cost
        f = lam * (1 - beta) * u_s - (1 - lam) * beta * u_h
        slope = (1 - beta) * (u_s + lam * size * value_slope) + beta * (u_h + (1 - lam) * size * cost_slope)
        if f < 0.0:
            low = lam
        else:
            high = lam
        step = f / slope if slope > 0.0 else math.inf
        if f == 0.0 or abs(step) < 1e-13 or high - low < 1e-13:
            break
        following = lam - step
        if not low < following < high or abs(f) > 0.5 * last:
            following = 0.5 * (low + high)
        last = abs(f)
        lam = following
        value, cost, value_slope, cost_slope = point(lam, a, c, term)
    return lam if u_s > 0.0 and u_h > 0.0 else -1.0


@njit(cache=True)
def rank(l, h, hosts, reach, outside, best, second, host):
    """The best server of l among the hosts of h and the next best (12)."""
    one, two, who = outside[l], outside[l], -1
    for j in range(len(outside)):
        if hosts[h, j]:
            sigma = reach[l, j]
            if sigma > one:
                one, two, who = sigma, one, j
            elif sigma > two:
                two = sigma
    best[h, l], second[h, l], host[h, l] = one, two, who


@njit(cache=True)
def capture(stake, rivals, pull, better, worse):
    """D·(ω at better − ω at worse) (13), rivals as they are: `rivals` = (1 − δ)·Σm + δ·Σ_{g≠h} m_g·ψ_g."""
    rivals = max(rivals, 1e-150)
    return stake * rivals * (better - worse) / ((rivals + pull * better) * (rivals + pull * worse))


@njit(cache=True)
def expected(E, reach, outside, stake, pull, slack, coverage, worth, fixed, remote, best, second, host, crowd, loss, prefix):
    """Sheds pairs from E until every one has a joint gain (17); leaves ranks and denominators of the result."""
    m, n = E.shape
    for h in range(m):
        for l in range(n):
            rank(l, h, E, reach, outside, best, second, host)
    for l in range(n):
        crowd[l] = slack[l]
        for h in range(m):
            crowd[l] += pull[l, h] * best[h, l]
    while True:
        loss[:] = 0.0
        for h in range(m):
            for l in range(n):
                if host[h, l] >= 0:
                    rivals = crowd[l] - pull[l, h] * best[h, l]
                    loss[host[h, l], h] += capture(stake[l, h], rivals, pull[l, h], best[h, l], second[h, l])
        lowest, leaver, from_whom = math.inf, -1, -1
        for i in range(n):
            product = 1.0
            for h in range(m):
                prefix[h] = product
                product *= 1.0 - (1.0 if E[h, i] else remote * best[h, i]) * coverage[i, h]
            product = 1.0
            for h in range(m - 1, -1, -1):
                if E[h, i]:
                    own = second[h, i] if host[h, i] == i else best[h, i]
                    access = worth[i] * coverage[i, h] * (1.0 - remote * own) * prefix[h] * product
                    prefix[h] = loss[i, h] + access + fixed[i, h]
                    product *= 1.0 - coverage[i, h]
                else:
                    product *= 1.0 - remote * best[h, i] * coverage[i, h]
                    prefix[h] = math.inf
            for h in range(m):
                # Later pairs win ties.
                if prefix[h] <= lowest + TIE and prefix[h] < math.inf:
                    lowest, leaver, from_whom = min(lowest, prefix[h]), i, h
        if lowest >= -TIE:
            return
        E[from_whom, leaver] = False
        for l in range(n):
            before = best[from_whom, l]
            if reach[l, leaver] >= second[from_whom, l]:
                rank(l, from_whom, E, reach, outside, best, second, host)
            crowd[l] += pull[l, from_whom] * (best[from_whom, l] - before)


@njit(cache=True)
def reserve(l, h, hosts, quality, coverage, remote):
    """∏_{g≠h} (1 − r_lg·q_lg), what rivals leave uncovered in l (16)."""
    product = 1.0
    for g in range(hosts.shape[0]):
        if g != h:
            product *= 1.0 - (1.0 if hosts[g, l] else remote * quality[g, l]) * coverage[l, g]
    return product


@njit(cache=True)
def leave(i, h, S, quality, full, reach, outside, pull):
    """State i leaves the hosts of h."""
    S[h, i] = False
    for l in range(len(outside)):
        before = quality[h, l]
        if reach[l, i] >= before:
            quality[h, l] = outside[l]
            for j in range(len(outside)):
                if S[h, j]:
                    quality[h, l] = max(quality[h, l], reach[l, j])
            full[l] += pull[l, h] * (quality[h, l] - before)


@njit(cache=True)
def enter(i, h, S, quality, full, reach, pull):
    """State i enters the hosts of h."""
    S[h, i] = True
    for l in range(len(full)):
        if reach[l, i] > quality[h, l]:
            full[l] += pull[l, h] * (reach[l, i] - quality[h, l])
            quality[h, l] = reach[l, i]


@njit(cache=True)
def signed_gain(i, h, reach, quality, full, stake, pull, S, coverage, remote):
    """Demand that h captures by a host in i beside what is signed, and what access i gains: the first bracket of (18), (19)."""
    captured = 0.0
    for l in range(len(full)):
        if reach[l, i] > quality[h, l]:
            others = full[l] - pull[l, h] * quality[h, l]
            captured += capture(stake[l, h], others, pull[l, h], reach[l, i], quality[h, l])
    return captured, reserve(i, h, S, quality, coverage, remote) * (1 - remote * quality[h, i])


@njit(cache=True)
def expected_gain(i, h, reach, best, second, host, crowd, stake, pull):
    """The same beside what is expected: the second bracket of (18); the quality of h's service in i without a host there."""
    captured, own = 0.0, 0.0
    for l in range(len(crowd)):
        without = second[h, l] if host[h, l] == i else best[h, l]
        if reach[l, i] > without:
            others = crowd[l] - pull[l, h] * best[h, l]
            captured += capture(stake[l, h], others, pull[l, h], reach[l, i], without)
        if l == i:
            own = without
    return captured, own


@njit(cache=True)
def close(i, S, feasible, size, lam, a, c, term, dependency, dependency_rate):
    """Worth of the terms that i signed (21), effects on talent and compute (35), (36); moves dependency (37)."""
    total, taught, built, open_size = 0.0, 0.0, 0.0, 0.0
    for h in range(S.shape[0]):
        if feasible[i, h] != 0.0:
            open_size += size[i, h]
        if not S[h, i]:
            dependency[i, h] *= 1 - dependency_rate
            continue
        portable = 0.0
        for k in range(term.shape[0]):
            x = level(k, lam[i, h], a[i], c[h], term)
            total += size[i, h] * x * (a[i, k] - 0.5 * term[k, 1] * x)
            taught += size[i, h] * term[k, 6] * x
            built += size[i, h] * term[k, 7] * x
            portable += term[k, 8] * x
        dependency[i, h] += dependency_rate * (1 - dependency[i, h]) * (1 - min(1.0, portable))
    if open_size == 0.0:
        return total, 0.0, 0.0
    return total, min(max(taught / open_size, 0.0), 1.0), min(max(built / open_size, 0.0), 1.0)


@njit(cache=True)
def play_world(shared, state, supplier, term, value, cost, fit, feasible, efficiency, years, windows, growth, payoff):
    """One world: payoff of each state, summed over windows with its own discount rate (32)."""
    n, m, K = state.shape[0], supplier.shape[0], term.shape[0]
    foresight, remote, drag, delta, alpha = shared[11], shared[8], shared[9], shared[10], shared[6]
    talent_rate = 1 - (1 - shared[12]) ** years
    compute_rate = 1 - (1 - shared[13]) ** years
    dependency_rate = 1 - (1 - shared[14]) ** years
    talent, compute = state[:, 6].copy(), state[:, 8].copy()
    dependency, had = np.zeros((n, m)), np.zeros((m, n), np.bool_)
    a, c = np.empty((n, K)), np.empty((m, K))
    for k in range(K):
        for i in range(n):
            a[i, k] = term[k, 0] * value[i, k]
        for h in range(m):
            c[h, k] = term[k, 2] * cost[h, k]
    most, least, discounted = np.empty(n), np.empty(m), np.empty(m)
    for i in range(n):
        most[i] = point(1.0, a[i], c[0], term)[0]
    for h in range(m):
        least[h] = point(0.0, a[0], c[h], term)[1]
        discounted[h] = annuity(supplier[h, 2], years)
    middle = np.empty((n, m, 4))
    share, coverage, pull = np.empty((n, m)), np.empty((n, m)), np.empty((n, m))
    shares, slack, outside, reach = np.zeros(n), np.empty(n), np.empty(n), np.empty((n, n))
    for i in range(n):
        outside[i] = shared[1] * (1 - state[i, 9])
        for j in range(n):
            reach[i, j] = 1.0 if i == j else efficiency[i, j] * state[j, 11] * (1 - state[i, 9])
        for h in range(m):
            middle[i, h] = point(0.5, a[i], c[h], term)
            share[i, h] = supplier[h, 0] * fit[i, h]
            shares[i] += share[i, h]
            coverage[i, h] = -math.expm1(-shared[4] * share[i, h])
            pull[i, h] = delta * share[i, h]
        slack[i] = (1 - delta) * shares[i]
    stake, size, hosting, fixed, switching = np.empty((n, m)), np.empty((n, m)), np.empty((n, m)), np.empty((n, m)), np.empty((n, m))
    worth, first, uncovered = np.empty(n), np.empty(n), np.empty(n)
    E, S = np.empty((m, n), np.bool_), np.empty((m, n), np.bool_)
    best, second, quality = np.empty((m, n)), np.empty((m, n)), np.empty((m, n))
    host, crowd, full = np.empty((m, n), np.int64), np.empty(n), np.empty(n)
    loss, rivals, prefix, budget = np.empty((n, m)), np.empty((n, m)), np.empty(m), np.empty(m)
    lam = np.zeros((n, m))
    payoff[:] = 0.0
    for w in range(windows):
        t = w * years
        ramped = ramp(growth, t + years / 2, shared[7])
        for i in range(n):
            market = state[i, 2] * (1 + state[i, 3]) ** t * state[i, 4]
            gdp = state[i, 0] * (1 + state[i, 1]) ** t
            base = gdp * state[i, 5] * ramped * shared[5] * state[i, 7] ** (1 - alpha) * annuity(state[i, 13], years)
            base *= 1 - drag * state[i, 9]
            first[i] = base * state[i, 6] ** alpha
            worth[i] = base * talent[i] ** alpha
            uncovered[i] = 1.0
            for h in range(m):
                stake[i, h] = market * share[i, h] * supplier[h, 1] * discounted[h] * shares[i]
                size[i, h] = shared[2] * years * market * share[i, h]
                entry = supplier[h, 3] * (1 - shared[16]) if had[h, i] else supplier[h, 3]
                hosting[i, h] = entry + shared[3] * size[i, h] + supplier[h, 4] * state[i, 10] * discounted[h]
                switching[i, h] = 0.0
                if had[h, i]:
                    switching[i, h] = shared[15] * dependency[i, h] * worth[i] * (1 - compute[i]) * coverage[i, h]
                surplus = size[i, h] * (middle[i, h, 0] - middle[i, h, 1])
                fixed[i, h] = surplus + switching[i, h] - hosting[i, h]
                uncovered[i] *= 1.0 - remote * outside[i] * coverage[i, h]
        for h in range(m):
            budget[h] = supplier[h, 5]
            for i in range(n):
                E[h, i] = feasible[i, h] != 0.0
                S[h, i] = had[h, i] and E[h, i]
        access = worth * (1 - compute)
        expected(E, reach, outside, stake, pull, slack, coverage, access, fixed, remote, best, second, host, crowd, loss, prefix)
        for i in range(n):
            for h in range(m):
                rivals[i, h] = reserve(i, h, E, best, coverage, remote)
        for l in range(n):
            full[l] = slack[l]
            for h in range(m):
                quality[h, l] = outside[l]
                for j in range(n):
                    if S[h, j]:
                        quality[h, l] = max(quality[h, l], reach[l, j])
                full[l] += pull[l, h] * quality[h, l]
        for i in range(n):
            beta = min(max(state[i, 12] + shared[17] * (talent[i] - state[i, 6]), 0.02), 0.98)
            for h in range(m):
                if S[h, i]:
                    leave(i, h, S, quality, full, reach, outside, pull)
                if feasible[i, h] == 0.0 or size[i, h] > budget[h]:
                    continue
                now, open_now = signed_gain(i, h, reach, quality, full, stake, pull, S, coverage, remote)
                later, own = expected_gain(i, h, reach, best, second, host, crowd, stake, pull)
                opened = (1 - foresight) * open_now + foresight * rivals[i, h] * (1 - remote * own)
                gain = access[i] * coverage[i, h] * opened + switching[i, h]
                profit = (1 - foresight) * now + foresight * later - hosting[i, h]
                if profit - size[i, h] * least[h] <= 0.0 or gain + size[i, h] * most[i] <= 0.0:
                    continue
                start = (middle[i, h, 0], middle[i, h, 1], middle[i, h, 2], middle[i, h, 3])
                found = nash(size[i, h], gain, profit, beta, a[i], c[h], term, start)
                if found < 0.0:
                    continue
                lam[i, h] = found
                budget[h] -= size[i, h]
                enter(i, h, S, quality, full, reach, pull)
        for i in range(n):
            left = reserve(i, -1, S, quality, coverage, remote)
            total = access[i] * (uncovered[i] - left)
            total += worth[i] * (1 - (1 - compute[i]) * uncovered[i]) - first[i] * (1 - (1 - state[i, 8]) * uncovered[i])
            for h in range(m):
                if had[h, i] and not S[h, i]:
                    total -= switching[i, h]
            worth_of_terms, taught, built = close(i, S, feasible, size, lam, a, c, term, dependency, dependency_rate)
            payoff[i] += (1 + state[i, 13]) ** -t * (total + worth_of_terms)
            talent[i] += talent_rate * (1 - talent[i]) * taught
            compute[i] += compute_rate * (1 - compute[i]) * built
        had[:] = S


@njit(cache=True, parallel=True)
def play_worlds(shared, state, supplier, term, value, cost, fit, feasible, efficiency, years, windows, growth):
    """All worlds, each by one thread."""
    payoff = np.empty((len(shared), state.shape[1]))
    for w in prange(len(shared)):
        one = (shared[w], state[w], supplier[w], term[w], value[w], cost[w], fit[w], feasible[w], efficiency[w])
        play_world(*one, years, windows, growth, payoff[w])
    return payoff
