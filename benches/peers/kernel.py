"""One world of the bilateral arm, compiled: sections 2 to 5 and 8 of the model and its concession (42), pairs in the listed order.

`bilateral.py` lays worlds out for it. Sets of states are bits of an integer. Arrays have a row a supplier, widened to whole lanes; they are
passed whole with the number of a row, as a view made in a loop is counted in and out. What a supplier's hosts serve is allocated anew
only where the set changed, and of the expected network only pairs are weighed again that a leaver touches.
"""

import math

import numpy as np
from numba import njit, prange

TIE = 1e-12
LEFT = 1e-12
"""Of a demand or a room less than this share is nothing."""
LOSS = 1e-9
"""Share of its worth that a supplier may lose before its tables concede (42)."""
LANES = 4
GONE = 1e300
"""Above every joint gain."""
UNSERVED, SPACE, OUTSIDE, NOTHING, DEMAND, ROOM, STAKE, PULL, CROWD, FULL, EXPECTED, SIGNED, TRIAL, GAIN, WITHOUT = range(15)
"""Rows of one table, each a line a supplier (the first line where they are of no supplier) and in it a lane a state: what allocation has
left, ψ from outside and none, demand and room for it, D·Σm and δ·m of (13), crowds as expected and as signed, ψ as expected, as signed and
at a table, w_ij a line a state, ψ without the first expected host and so on."""
ONLY, HOSTS, BEGIN, PAIR_STATE, PAIR_HOST = range(5)


@njit(cache=True, error_model="numpy")
def annuity(rate, years):
    """(1)"""
    return years if rate == 0.0 else -math.expm1(-years * math.log1p(rate)) / rate


@njit(cache=True, error_model="numpy")
def ramp(growth, tau, years):
    """Part of the uplift that is there in the middle of a window (7)."""
    if growth:
        return tau * tau / (2 * years) if tau < years else tau - years / 2
    return 1.0 if years == 0.0 else min(1.0, tau / years)


@njit(cache=True, error_model="numpy")
def wide(count):
    """Whole lanes for so many."""
    return (count + LANES - 1) // LANES * LANES


@njit(cache=True, error_model="numpy")
def rank_matches(n, rows, ranks, worths):
    """Pairs by falling w_ij (10), (11), those within a tie in one round; returns how many rounds.

    Of a round: the state alone in it or -1, the bits of its hosts and where its pairs begin, in `ranks`, and what a match is worth.
    """
    flat = np.empty(n * n)
    for i in range(n):
        for j in range(n):
            flat[i * n + j] = rows[GAIN, i, j] if i != j else -1.0
    rounds, count = 0, 0
    for at in np.argsort(-flat):
        w = flat[at]
        if w <= 0.0:
            break
        i, j = at // n, at % n
        if rounds == 0 or worths[rounds - 1] - w > TIE:
            ranks[rounds, ONLY], ranks[rounds, HOSTS], ranks[rounds, BEGIN], worths[rounds] = i, 0, count, w
            rounds += 1
        elif ranks[rounds - 1, ONLY] != i:
            ranks[rounds - 1, ONLY] = -1
        ranks[rounds - 1, HOSTS] |= 1 << j
        ranks[count, PAIR_STATE], ranks[count, PAIR_HOST] = i, j
        count += 1
    ranks[rounds, BEGIN] = count
    return rounds


@njit(cache=True, error_model="numpy")
def serve_together(begin, end, ranks, h, clients, places, into, rows):
    """A round in which several states compete for the same rooms; the amount served and the bits still open."""
    n = rows.shape[2]
    wanted, offered, taken, given = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for at in range(begin, end):
        i, j = ranks[at, PAIR_STATE], ranks[at, PAIR_HOST]
        if clients >> i & 1 and places >> j & 1:
            wanted[j] += rows[UNSERVED, 0, i]
            offered[i] += rows[SPACE, 0, j]
    served = 0.0
    for at in range(begin, end):
        i, j = ranks[at, PAIR_STATE], ranks[at, PAIR_HOST]
        if clients >> i & 1 and places >> j & 1:
            amount = rows[UNSERVED, 0, i] * rows[SPACE, 0, j] / max(wanted[j], offered[i])
            taken[i] += amount
            given[j] += amount
            served += amount
            rows[into, h, i] += rows[GAIN, i, j] * amount / rows[DEMAND, h, i]
    for i in range(n):
        rows[UNSERVED, 0, i] -= taken[i]
        rows[SPACE, 0, i] -= given[i]
        if rows[UNSERVED, 0, i] <= LEFT * rows[DEMAND, h, i]:
            clients &= ~(1 << i)
        if rows[SPACE, 0, i] <= LEFT * rows[ROOM, h, i]:
            places &= ~(1 << i)
    return served, clients, places


@njit(cache=True, error_model="numpy", inline="always")
def allocate(inside, h, into, rows, open_to, ranks, worths, rounds, least):
    """ψ of supplier h hosted by `inside` (12), written `into` that row; returns the demand that its hosts serve of others.

    `open_to`: bits of states with demand and of hosts with room, how many hosts have room and which; only matches worth more than
    `least` are served.
    """
    for i in range(rows.shape[2]):
        rows[into, h, i] = 1.0 if inside >> i & 1 else rows[OUTSIDE, 0, i]
    clients, places = open_to[h, 0] & ~inside, open_to[h, 1] & inside
    if places == 0 or clients == 0 or worths[0] <= least:
        return 0.0
    for i in range(rows.shape[2]):
        rows[UNSERVED, 0, i] = rows[DEMAND, h, i]
    end = 3 + open_to[h, 2]
    for at in range(3, end):
        rows[SPACE, 0, open_to[h, at]] = rows[ROOM, h, open_to[h, at]]
    served = 0.0
    for one in range(rounds):
        if worths[one] <= least:
            break
        here, i = ranks[one, HOSTS] & places, ranks[one, ONLY]
        if here == 0 or (i >= 0 and clients >> i & 1 == 0):
            continue
        if i < 0:
            amount, clients, places = serve_together(ranks[one, BEGIN], ranks[one + 1, BEGIN], ranks, h, clients, places, into, rows)
        else:
            offered = 0.0
            for at in range(3, end):
                if here >> open_to[h, at] & 1:
                    offered += rows[SPACE, 0, open_to[h, at]]
            wanted = rows[UNSERVED, 0, i]
            amount = min(wanted, offered)
            if wanted - amount > LEFT * rows[DEMAND, h, i]:
                places &= ~here
                rows[UNSERVED, 0, i] = wanted - amount
            else:
                clients &= ~(1 << i)
                rest = (offered - amount) / offered
                for at in range(3, end):
                    j = open_to[h, at]
                    if here >> j & 1:
                        rows[SPACE, 0, j] *= rest
                        if rows[SPACE, 0, j] <= LEFT * rows[ROOM, h, j]:
                            places &= ~(1 << j)
            rows[into, h, i] += worths[one] * amount / rows[DEMAND, h, i]
        served += amount
        if clients == 0 or places == 0:
            break
    return served


@njit(cache=True, error_model="numpy", inline="always")
def lay(h, hosts, served, crowd, n, rows, coverage, remote, bare):
    """Adds what supplier h, whose service is the row `served`, has of demand to the row `crowd`, and writes what it leaves uncovered to `bare`."""
    for i in range(n):
        rows[crowd, 0, i] += rows[PULL, h, i] * rows[served, h, i]
        bare[i, h] = 1.0 - (1.0 if hosts >> i & 1 else remote * rows[served, h, i]) * coverage[h, i]


@njit(cache=True, error_model="numpy", fastmath=True)
def captured(h, among, held, better, worse, rows):
    """Σ D·(ω at better − ω at worse) over states (13), ψ of h being as `held` in the crowd `among`, (1 − δ)·Σm + δ·Σ m_g·ψ_g."""
    total = 0.0
    for i in range(rows.shape[2]):
        others = max(rows[among, 0, i] - rows[PULL, h, i] * rows[held, h, i], 1e-150)
        up, down = rows[better, h, i], rows[worse, h, i]
        total += rows[STAKE, h, i] * others * (up - down) / ((others + rows[PULL, h, i] * up) * (others + rows[PULL, h, i] * down))
    return total


@njit(cache=True, error_model="numpy", fastmath=True)
def uncovered(i, h, bare):
    """∏ (1 − r_ig·q_ig) over suppliers g other than h (16), from what each leaves bare."""
    product = 1.0
    for g in range(bare.shape[1]):
        product *= bare[i, g] if g != h else 1.0
    return product


@njit(cache=True, error_model="numpy", fastmath=True)
def lowest_of(joint):
    """The least of an array."""
    least = GONE
    for at in range(len(joint)):
        least = min(least, joint[at])
    return least


@njit(cache=True, error_model="numpy", fastmath=True)
def point(lam, line):
    """Value, cost and their slopes at one point of the frontier (21) to (24); rows of `line` as `slopes` writes them."""
    value, cost, value_slope, cost_slope = 0.0, 0.0, 0.0, 0.0
    for k in range(line.shape[1]):
        a, c, b, d, low, high = line[0, k], line[1, k], line[2, k], line[3, k], line[4, k], line[5, k]
        top, bottom = lam * a - (1 - lam) * c, lam * b + (1 - lam) * d
        turn = 1.0 / (bottom if bottom > 0.0 else 1.0)
        free = top * turn if bottom > 0.0 else (high if top > 0.0 else low)
        x = min(max(free, low), high)
        slope = (a * d + b * c) * turn * turn if low < free < high else 0.0
        value += x * (a - 0.5 * b * x)
        cost += x * (c + 0.5 * d * x)
        value_slope += (a - b * x) * slope
        cost_slope += (c + d * x) * slope
    return value, cost, value_slope, cost_slope


@njit(cache=True, error_model="numpy")
def nash(gain, profit, beta, lam, line):
    """λ of (25) by Newton's method in a bracket from a guess, negative where no deal exists."""
    if profit <= 0.0 and profit <= point(0.0, line)[1] or gain <= 0.0 and gain + point(1.0, line)[0] <= 0.0:
        return -1.0
    low, high, last, u_s, u_h = 0.0, 1.0, math.inf, 0.0, 0.0
    for _ in range(200):
        value, cost, value_slope, cost_slope = point(lam, line)
        u_s, u_h = gain + value, profit - cost
        if u_s <= 0.0 and u_h <= 0.0:
            return -1.0
        f = lam * (1 - beta) * u_s - (1 - lam) * beta * u_h
        slope = (1 - beta) * (u_s + lam * value_slope) + beta * (u_h + (1 - lam) * cost_slope)
        if f < 0.0:
            low = lam
        else:
            high = lam
        step = f / slope if slope > 0.0 else math.inf
        following = lam - step
        if abs(step) < 1e-8 and low <= following <= high:
            lam = following
            break
        if high - low < 1e-13:
            break
        if not low < following < high or abs(f) > 0.5 * last:
            following = 0.5 * (low + high)
        last, lam = abs(f), following
    return lam if u_s > 0.0 and u_h > 0.0 else -1.0


@njit(cache=True, error_model="numpy")
def reaching(target, gain, high, line):
    """The smallest λ up to `high` at which the state's side reaches `target`, to the last bit."""
    if gain + point(0.0, line)[0] >= target:
        return 0.0
    low = 0.0
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            return high
        if gain + point(middle, line)[0] >= target:
            high = middle
        else:
            low = middle


@njit(cache=True, error_model="numpy")
def slopes(i, h, size, lift, a, c, term, line):
    """Slopes that both sides foresee, with repricing (40), and curvatures, times the size of the deal."""
    for k in range(len(term)):
        foreseen = lift[h, i] * term[k, 9]
        line[0, k], line[1, k] = size[h, i] * a[i, k] + foreseen, size[h, i] * c[h, k] + foreseen
        line[2, k], line[3, k] = size[h, i] * term[k, 1], size[h, i] * term[k, 3]


@njit(cache=True, error_model="numpy")
def settle(lam, i, h, size, a, c, term, line, deals):
    """What a deal at λ holds: value (21), cost (22), and of its levels the effects on price, talent, compute and portability."""
    value, cost, price, talent, compute, portable = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(len(term)):
        top, bottom = lam * line[0, k] - (1 - lam) * line[1, k], lam * line[2, k] + (1 - lam) * line[3, k]
        x = top / bottom if bottom > 0.0 else (line[5, k] if top > 0.0 else line[4, k])
        x = min(max(x, line[4, k]), line[5, k])
        value += x * (a[i, k] - 0.5 * term[k, 1] * x)
        cost += x * (c[h, k] + 0.5 * term[k, 3] * x)
        price += term[k, 9] * x
        talent += term[k, 6] * x
        compute += term[k, 7] * x
        portable += term[k, 8] * x
    deals[h, i, 0], deals[h, i, 1], deals[h, i, 2] = size[h, i] * value, size[h, i] * cost, price
    deals[h, i, 3], deals[h, i, 4], deals[h, i, 5] = talent, compute, portable


@njit(cache=True, error_model="numpy")
def concede(h, inside, rows, charged, hosting, owed, size, lift, base, deals, a, c, term, lam, line):
    """(42): where supplier h would lose, its tables give back in one proportion what they won; True where it leaves instead."""
    n = size.shape[1]
    rest, kept = -charged, 0.0
    for i in range(n):
        if inside[h] >> i & 1:
            rest -= hosting[h, i]
            kept += owed[0, h, i] - deals[h, i, 1] + owed[1, h, i] * (1 - deals[h, i, 2])
    for i in range(n):
        rows[TRIAL, h, i] = rows[OUTSIDE, 0, i]
    whole = captured(h, FULL, SIGNED, SIGNED, NOTHING, rows) + rest
    rest += captured(h, FULL, SIGNED, SIGNED, TRIAL, rows)
    if rest + kept >= -LOSS * max(1.0, abs(whole)):
        return False
    ends, sides = lam[h].copy(), np.empty(n)
    for i in range(n):
        sides[i] = base[h, i] + deals[h, i, 0] + lift[h, i] * deals[h, i, 2]
    low, high, tau = 0.0, 1.0, 0.0
    while True:
        kept = 0.0
        for i in range(n):
            if inside[h] >> i & 1:
                slopes(i, h, size, lift, a, c, term, line)
                lam[h, i] = reaching(tau * sides[i], base[h, i], ends[i], line)
                settle(lam[h, i], i, h, size, a, c, term, line, deals)
                kept += owed[0, h, i] - deals[h, i, 1] + owed[1, h, i] * (1 - deals[h, i, 2])
        if rest + kept >= 0.0:
            low = tau
            if not low < 0.5 * (low + high) < high:
                return False
        elif tau == 0.0:
            return True
        else:
            high = tau
        middle = 0.5 * (low + high)
        tau = middle if low < middle < high else low


@njit(cache=True, error_model="numpy")
def play_world(shared, state, supplier, term, value, cost, pair, efficiency, years, windows, growth, payoff):
    """One world: payoff of each state, summed over windows with its own discount rate (32)."""
    n, m, K = state.shape[0], supplier.shape[0], term.shape[0]
    N = wide(n)
    everyone = (1 << n) - 1
    foresight, remote, delta, alpha = shared[11], shared[8], shared[10], shared[6]
    capital = shared[3] * shared[2] * years
    talent_rate, compute_rate = 1 - (1 - shared[12]) ** years, 1 - (1 - shared[13]) ** years
    dependency_rate, decay = 1 - (1 - shared[14]) ** years, 1 - (1 - shared[21]) ** years
    talent, compute = state[:, 6].copy(), state[:, 8].copy()
    a, c, line = np.empty((n, K)), np.empty((m, K)), np.zeros((6, wide(K)))
    line[2:4, K:] = 1.0
    for k in range(K):
        line[4, k], line[5, k] = term[k, 4], term[k, 5]
        for i in range(n):
            a[i, k] = term[k, 0] * value[i, k]
        for h in range(m):
            c[h, k] = term[k, 2] * cost[h, k]
    # Lanes beyond the last state have no stake in a crowd of one.
    rows, ranks, worths = np.zeros((WITHOUT + n, max(m, n), N)), np.empty((n * n + 1, 5), np.int64), np.empty(n * n)
    rows[CROWD], rows[FULL] = 1.0, 1.0
    for i in range(n):
        rows[OUTSIDE, 0, i] = shared[1] * (1 - state[i, 9])
        for j in range(n):
            rows[GAIN, i, j] = efficiency[i, j] * (1 - state[i, 9]) - rows[OUTSIDE, 0, i]
    rounds = rank_matches(n, rows, ranks, worths)

    # What stays the same over windows.
    share, coverage, middle = np.empty((m, n)), np.empty((m, n)), np.empty((m, n))
    dependency, asset, had, feasible = np.empty((m, n)), np.empty((m, n)), np.zeros(m, np.int64), np.zeros(m, np.int64)
    shares, slack, nothing, discounted, least = np.zeros(n), np.empty(n), np.ones(n), np.empty(m), np.empty(m)
    line_half = line.copy()
    for h in range(m):
        discounted[h] = annuity(supplier[h, 2], years)
        margin = supplier[h, 1] * discounted[h]
        least[h] = capital / margin if margin > 0.0 else math.inf
        for i in range(n):
            feasible[h] |= np.int64(pair[i, h, 1] != 0.0) << i
            had[h] |= np.int64(pair[i, h, 2] != 0.0) << i
            dependency[h, i], asset[h, i] = pair[i, h, 3], pair[i, h, 4]
            share[h, i] = supplier[h, 0] * pair[i, h, 0]
            shares[i] += share[h, i]
            coverage[h, i] = -math.expm1(-shared[4] * share[h, i])
            rows[PULL, h, i] = delta * share[h, i]
            nothing[i] *= 1.0 - remote * rows[OUTSIDE, 0, i] * coverage[h, i]
            for k in range(K):
                line_half[0, k], line_half[1, k], line_half[2, k], line_half[3, k] = a[i, k], c[h, k], term[k, 1], term[k, 3]
            half = point(0.5, line_half)
            middle[h, i] = half[0] - half[1]
    for i in range(n):
        slack[i] = (1 - delta) * shares[i]
    size, hosting, fixed, lift, owed = np.empty((m, n)), np.empty((m, n)), np.empty((m, n)), np.empty((m, n)), np.empty((3, m, n))
    access, worth, begun, market = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    expects, inside, open_to = np.empty(m, np.int64), np.empty(m, np.int64), np.empty((m, n + 3), np.int64)
    touched, joint = np.empty((m, n), np.int64), np.empty(n * m)
    # Demand served of others as expected, without each host and as signed; what each supplier leaves bare (16).
    moved, moved_without, moved_now, budget = np.empty(m), np.empty((m, n)), np.empty(m), np.empty(m)
    bare, bare_now = np.empty((n, m)), np.empty((n, m))
    lam, base, deals = np.full((m, n), 0.5), np.zeros((m, n)), np.zeros((m, n, 6))
    payoff[:] = 0.0
    for w in range(windows):
        t = w * years
        ramped = ramp(growth, t + years / 2, shared[7])
        for i in range(n):
            market[i] = state[i, 2] * (1 + state[i, 3]) ** t * state[i, 4]
            gdp = state[i, 0] * (1 + state[i, 1]) ** t
            reached = gdp * state[i, 5] * ramped * shared[5] * state[i, 7] ** (1 - alpha) * annuity(state[i, 13], years)
            reached *= 1 - shared[9] * state[i, 9]
            begun[i] = reached * state[i, 6] ** alpha
            worth[i] = reached * talent[i] ** alpha
            access[i] = worth[i] * (1 - compute[i])
        for h in range(m):
            total = 0.0
            for i in range(n):
                rows[DEMAND, h, i] = market[i] * share[h, i]
                total += rows[DEMAND, h, i]
            open_to[h, :3] = 0
            for i in range(n):
                rows[ROOM, h, i] = max(0.0, state[i, 11] * total - rows[DEMAND, h, i])
                open_to[h, 0] |= np.int64(rows[DEMAND, h, i] > 0.0) << i
                if rows[ROOM, h, i] > 0.0:
                    open_to[h, 1] |= 1 << i
                    open_to[h, 3 + open_to[h, 2]] = i
                    open_to[h, 2] += 1
                held = had[h] >> i & 1
                rows[STAKE, h, i] = rows[DEMAND, h, i] * supplier[h, 1] * discounted[h] * shares[i]
                size[h, i] = shared[2] * years * rows[DEMAND, h, i]
                entry = supplier[h, 3] * (1 - shared[16]) if held else supplier[h, 3]
                hosting[h, i] = entry + shared[3] * size[h, i] + supplier[h, 4] * state[i, 10] * discounted[h]
                tied = shared[15] * access[i] * coverage[h, i]
                owed[0, h, i] = shared[20] * asset[h, i] if held else 0.0
                owed[1, h, i] = shared[18] * tied * (dependency[h, i] + dependency_rate * (1 - dependency[h, i]))
                owed[2, h, i] = tied * dependency[h, i] if held else 0.0
                lift[h, i] = shared[19] * owed[1, h, i]
                fixed[h, i] = size[h, i] * middle[h, i] + owed[2, h, i] + owed[0, h, i] - hosting[h, i]
            expects[h], inside[h], budget[h] = feasible[h], had[h] & feasible[h], supplier[h, 5]

        # The expected network (17).
        rows[CROWD, 0, :n] = slack
        for h in range(m):
            moved[h] = allocate(expects[h], h, EXPECTED, rows, open_to, ranks, worths, rounds, least[h])
            lay(h, expects[h], EXPECTED, CROWD, n, rows, coverage, remote, bare)
            for i in range(n):
                joint[i * m + h] = GONE
        changed, leaver, whom, is_passed = everyone, -1, -1, False
        while True:
            for h in range(m):
                for i in range(n):
                    if expects[h] >> i & 1 == 0:
                        continue
                    if h == whom and is_passed:
                        rows[WITHOUT + i, h, leaver] = rows[OUTSIDE, 0, leaver]
                        touched[h, i] &= ~(1 << leaver)
                    elif h == whom or whom < 0:
                        moved_without[h, i] = allocate(expects[h] & ~(1 << i), h, WITHOUT + i, rows, open_to, ranks, worths, rounds, least[h])
                        touched[h, i] = 1 << i
                        for l in range(n):
                            touched[h, i] |= np.int64(rows[WITHOUT + i, h, l] != rows[EXPECTED, h, l]) << l
                    elif touched[h, i] & changed == 0:
                        continue
                    joint[i * m + h] = (captured(h, CROWD, EXPECTED, EXPECTED, WITHOUT + i, rows)
                                   - capital * (moved[h] - moved_without[h, i]) + fixed[h, i]
                                   + access[i] * coverage[h, i] * uncovered(i, h, bare) * (1.0 - remote * rows[WITHOUT + i, h, i]))
            lowest = lowest_of(joint)
            if lowest >= -TIE:
                break
            # Of ties the last in the order state by state.
            last = n * m - 1
            while joint[last] > lowest + TIE:
                last -= 1
            leaver, whom = last // m, last % m
            expects[whom] &= ~(1 << leaver)
            joint[last] = GONE
            moved[whom] = moved_without[whom, leaver]
            # One that has no room and gets no service once it hosts no more changes nobody's, whoever leaves besides.
            is_passed = open_to[whom, 1] >> leaver & 1 == 0 and rows[WITHOUT + leaver, whom, leaver] == rows[OUTSIDE, 0, leaver]
            changed = 0
            for i in range(n):
                if rows[WITHOUT + leaver, whom, i] != rows[EXPECTED, whom, i] or i == leaver:
                    changed |= 1 << i
                    rows[CROWD, 0, i] += rows[PULL, whom, i] * (rows[WITHOUT + leaver, whom, i] - rows[EXPECTED, whom, i])
                    rows[EXPECTED, whom, i] = rows[WITHOUT + leaver, whom, i]
                    if expects[whom] >> i & 1 == 0:
                        bare[i, whom] = 1.0 - remote * rows[EXPECTED, whom, i] * coverage[whom, i]

        # Tables in the listed order.
        rows[FULL, 0, :n] = slack
        for h in range(m):
            moved_now[h] = allocate(inside[h], h, SIGNED, rows, open_to, ranks, worths, rounds, least[h])
            lay(h, inside[h], SIGNED, FULL, n, rows, coverage, remote, bare_now)
        for i in range(n):
            here = 1 << i
            beta = min(max(state[i, 12] + shared[17] * (talent[i] - state[i, 6]), 0.02), 0.98)
            for h in range(m):
                hosted, more = inside[h] & here != 0, moved_now[h]
                if hosted:
                    inside[h] &= ~here
                    for l in range(n):
                        rows[TRIAL, h, l] = rows[SIGNED, h, l]
                    moved_now[h] = allocate(inside[h], h, SIGNED, rows, open_to, ranks, worths, rounds, least[h])
                    for l in range(n):
                        if rows[TRIAL, h, l] != rows[SIGNED, h, l] or l == i:
                            rows[FULL, 0, l] += rows[PULL, h, l] * (rows[SIGNED, h, l] - rows[TRIAL, h, l])
                            bare_now[l, h] = 1.0 - (1.0 if inside[h] >> l & 1 else remote * rows[SIGNED, h, l]) * coverage[h, l]
                if feasible[h] & here == 0 or size[h, i] > budget[h]:
                    continue
                if not hosted:
                    more = allocate(inside[h] | here, h, TRIAL, rows, open_to, ranks, worths, rounds, least[h])
                now = captured(h, FULL, SIGNED, TRIAL, SIGNED, rows) - capital * (more - moved_now[h])
                # The row of a host that is not expected is free: ψ with it.
                if expects[h] & here:
                    later = captured(h, CROWD, EXPECTED, EXPECTED, WITHOUT + i, rows) - capital * (moved[h] - moved_without[h, i])
                    own = rows[WITHOUT + i, h, i]
                else:
                    later = -capital * (allocate(expects[h] | here, h, WITHOUT + i, rows, open_to, ranks, worths, rounds, least[h]) - moved[h])
                    later += captured(h, CROWD, EXPECTED, WITHOUT + i, EXPECTED, rows)
                    own = rows[EXPECTED, h, i]
                opened = (1 - foresight) * uncovered(i, h, bare_now) * (1 - remote * rows[SIGNED, h, i])
                opened += foresight * uncovered(i, h, bare) * (1 - remote * own)
                profit = (1 - foresight) * now + foresight * later - hosting[h, i] + owed[0, h, i] + lift[h, i]
                side = access[i] * coverage[h, i] * opened + owed[2, h, i] - lift[h, i]
                slopes(i, h, size, lift, a, c, term, line)
                found = nash(side, profit, beta, lam[h, i], line)
                if found < 0.0:
                    continue
                lam[h, i], base[h, i] = found, side
                settle(found, i, h, size, a, c, term, line, deals)
                budget[h] -= size[h, i]
                inside[h] |= here
                moved_now[h] = more
                for l in range(n):
                    if rows[TRIAL, h, l] != rows[SIGNED, h, l] or l == i:
                        rows[FULL, 0, l] += rows[PULL, h, l] * (rows[TRIAL, h, l] - rows[SIGNED, h, l])
                        rows[SIGNED, h, l] = rows[TRIAL, h, l]
                        bare_now[l, h] = 1.0 - (1.0 if inside[h] >> l & 1 else remote * rows[SIGNED, h, l]) * coverage[h, l]
        for h in range(m):
            if concede(h, inside, rows, capital * moved_now[h], hosting, owed, size, lift, base, deals, a, c, term, lam, line):
                inside[h] = 0
                for l in range(n):
                    rows[FULL, 0, l] += rows[PULL, h, l] * (rows[OUTSIDE, 0, l] - rows[SIGNED, h, l])
                    rows[SIGNED, h, l] = rows[OUTSIDE, 0, l]
                    bare_now[l, h] = 1.0 - remote * rows[OUTSIDE, 0, l] * coverage[h, l]

        # Payoffs (32) and what changes until the next window (35) to (37), (46).
        for i in range(n):
            total = access[i] * (nothing[i] - uncovered(i, -1, bare_now))
            total += worth[i] * (1 - (1 - compute[i]) * nothing[i]) - begun[i] * (1 - (1 - state[i, 8]) * nothing[i])
            taught, built, open_size = 0.0, 0.0, 0.0
            for h in range(m):
                if feasible[h] >> i & 1:
                    open_size += size[h, i]
                if inside[h] >> i & 1:
                    total += deals[h, i, 0] - owed[1, h, i] * (1 - deals[h, i, 2])
                    taught += size[h, i] * deals[h, i, 3]
                    built += size[h, i] * deals[h, i, 4]
                    dependency[h, i] += dependency_rate * (1 - dependency[h, i]) * (1 - min(1.0, deals[h, i, 5]))
                    asset[h, i] = asset[h, i] * (1 - decay) + size[h, i]
                else:
                    total -= owed[2, h, i]
                    dependency[h, i] *= 1 - dependency_rate
                    asset[h, i] = 0.0
            payoff[i] += (1 + state[i, 13]) ** -t * total
            if open_size > 0.0:
                talent[i] += talent_rate * (1 - talent[i]) * min(max(taught / open_size, 0.0), 1.0)
                compute[i] += compute_rate * (1 - compute[i]) * min(max(built / open_size, 0.0), 1.0)
        had[:] = inside


@njit(cache=True, error_model="numpy", parallel=True)
def play_worlds(shared, state, supplier, term, value, cost, pair, efficiency, years, windows, growth):
    """All worlds, each by one thread."""
    payoff = np.empty((len(shared), state.shape[1]))
    for w in prange(len(shared)):
        one = (shared[w], state[w], supplier[w], term[w], value[w], cost[w], pair[w], efficiency[w])
        play_world(*one, years, windows, growth, payoff[w])
    return payoff
