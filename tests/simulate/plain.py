"""Plain estimators of what the simulator plants: counting and textbook formulas on the tables, none of crmlib's diagnostics.

Each takes a `View` (orders and tables as they will be exported) and returns an estimate for the names of truths.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import betaln, gammaln, psi
from scipy.stats import norm

from crmlib.simulate import build
from crmlib.simulate.problems import complaint, incident, phone


class View:
    """A client's orders and tables as frames, days as whole numbers."""

    def __init__(self, client: build.Client) -> None:
        self.client, self.draft, self.world = client, client.draft, client.draft.world
        self.truth = {one.name: one for one in client.draft.truths}
        self.days = client.draft.clock.days

    @cached_property
    def orders(self) -> pd.DataFrame:
        books = self.client.books
        keep = (books.status != 3) & (books.status != 9) & ~books.late & (books.total > 0) & (books.source != 7)
        frame = pd.DataFrame(
            {"customer": books.customer, "day": books.day, "yen": books.total, "product": books.product}
        )
        return frame[keep]

    @cached_property
    def occasions(self) -> pd.DataFrame:
        frame = self.orders.groupby(["customer", "day"], as_index=False).yen.sum()
        frame["turn"] = frame.groupby("customer").cumcount()
        return frame

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """First and second purchase day by customer."""
        first = self.occasions[self.occasions.turn == 0].set_index("customer").day
        second = self.occasions[self.occasions.turn == 1].set_index("customer").day
        return pd.DataFrame({"first": first, "gap": second - first})

    def table(self, name: str) -> pd.DataFrame:
        return pd.concat([pd.DataFrame(part.columns) for part in self.draft.tables[name]], ignore_index=True)

    def order_days(self, who: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Number of order days of each with low <= day <= high."""
        codes = np.sort(self.occasions.customer.to_numpy() * 10_000 + self.occasions.day.to_numpy())
        return np.searchsorted(codes, who * 10_000 + high + 1) - np.searchsorted(codes, who * 10_000 + low)


def f2(view: View) -> dict[str, float]:
    found = {}
    first, gap = view.pairs["first"], view.pairs.gap
    kind = view.draft.people.kind
    people = first.index.to_numpy()
    new = np.array([one < kind.size and kind[one] != 2 for one in people])
    for within in (90, 180, 365):
        mature = first + within < view.days
        found[f"f2.{within}d"] = float((gap[mature] <= within).mean())
        found[f"f2.{within}d.new"] = float((gap[mature & new] <= within).mean())
    return found


def contrasts(view: View) -> dict[str, float]:
    people, first = view.draft.people, view.pairs["first"]
    who = first.index.to_numpy()
    who = who[who < len(people)]
    own = people.kind[who] == 0
    kept = (view.pairs.gap[who] <= 180).to_numpy()
    mature = (first[who] + 180 < view.days).to_numpy() & own
    month = view.draft.clock.month(first[who].to_numpy())
    low, high = view.world.bad_months
    inside = mature & (month >= low) & (month < high)
    bad, better = people.medium[who] == 4, people.product[who] == 2
    return {
        "bad_media.f2_180d": float(kept[inside & bad].mean() - kept[inside & ~bad].mean()),
        "good_product.f2_180d": float(kept[mature & better].mean() - kept[mature & ~better].mean()),
    }


def leak(view: View) -> dict[str, float]:
    world, day = view.world, view.world.leak_day
    mature = view.pairs["first"] + 180 < view.days
    seen = float(view.pairs.gap[mature].between(day, 180).mean())

    def reached(t: float) -> float:
        return 1 - (world.alpha / (world.alpha + t)) ** world.r

    return {"f2_leak.share": 1 - seen / (reached(180.5) - reached(day - 0.5))}


def leak_day(view: View) -> int:
    """The day after which second purchases fall off most: where a step in the daily hazard is likeliest."""
    gap = view.pairs.gap.fillna(9999).to_numpy()[(view.pairs["first"] + 150 < view.days).to_numpy()]
    counts = np.bincount(gap[gap < 150].astype(int), minlength=150)[1:]
    risk = gap.size - np.concatenate([[0], np.cumsum(counts)[:-1]])
    best, found = -np.inf, 0
    for day in range(20, 120):
        rates = [
            (counts[part].sum(), risk[part].sum()) for part in (slice(max(day - 25, 0), day), slice(day, day + 25))
        ]
        gain = sum(k * np.log(k / n) for k, n in rates if k) - sum(r[0] for r in rates) * np.log(
            sum(r[0] for r in rates) / sum(r[1] for r in rates)
        )
        if gain > best:
            best, found = gain, day + 1
    return found


def arrivals(view: View) -> dict[str, float]:
    kind = view.draft.people.kind
    first = view.pairs["first"]
    who = first.index.to_numpy()
    day = first[[one < kind.size and kind[one] != 2 for one in who]].to_numpy()
    counts = np.bincount(day, minlength=view.days)
    t = np.arange(view.days) + 0.5
    peak = (pd.Timestamp(view.world.start.year, 12, 10) - pd.Timestamp(view.world.start)).days
    wave = np.cos(2 * np.pi * (t - peak) / 365.25)

    def minus(theta: np.ndarray) -> float:
        density = np.maximum((1 + theta[0] * wave) * (1 + theta[1] * t / 365.25), 1e-9)
        return float(-(counts @ np.log(density / density.sum())))

    fit = optimize.minimize(minus, [0.1, 0.1], method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6})
    return {"season.amplitude": fit.x[0], "trend.per_year": fit.x[1]}


def campaigns(view: View) -> dict[str, float]:
    contacts = view.table("contacts")
    found = {}
    for number, name, arms in (
        (1, "dm", ("none", "A", "B")),
        (2, "placebo", ("none", "mail")),
        (3, "birthday", ("none", "discount", "gift")),
    ):
        rows = contacts[contacts.campaign_id == number]
        sent = rows.sent_date.to_numpy()
        count = view.order_days(rows.customer_id.to_numpy(), sent + 1, sent + 30)
        for one, other in ((1, 0), (2, 0), (2, 1)):
            for segment, inside in (("all", slice(None)), ("growing", rows.segment == 0), ("loyal", rows.segment == 1)):
                version, outcome = rows.version[inside].to_numpy(), count[inside]
                if one < len(arms):
                    value = outcome[version == one].mean() - outcome[version == other].mean()
                    found[f"{name}.{arms[one]}_minus_{arms[other]}.{segment}"] = float(value)
    return found


def calls(view: View) -> dict[str, float]:
    contacts, people = view.table("contacts"), view.draft.people
    found = {}
    for campaign, lane, name in ((4, 1, "phone.effect_180d"), (5, 3, "phone.service_180d")):
        who = np.flatnonzero((people.lane == lane) & (people.kind == 0))
        who = who if lane == 1 else np.intersect1d(who, view.draft.half(3, 0))
        day = np.full(who.size, phone.DAY)
        fits = (view.order_days(who, day * 0, day - 1) >= 2) & (view.order_days(who, day - 540, day - 1) >= 1)
        who, day = who[fits], day[fits]
        year = view.order_days(who, day - 365, day - 1)
        frame = pd.DataFrame({
            "stratum": np.digitize(year, (1, 2, 4)),
            "called": np.isin(who, contacts[contacts.campaign_id == campaign].customer_id),
            "kept": view.order_days(who, day + 1, day + 180) > 0,
        })  # fmt: skip
        found[name] = _within(frame, "called")
        if campaign == 4:
            found["phone.naive_180d"] = float(frame.kept[frame.called].mean() - frame.kept[~frame.called].mean())
    return found


def _within(frame: pd.DataFrame, treated: str) -> float:
    total = weight = 0.0
    for _, part in frame.groupby("stratum"):
        one, other = part.kept[part[treated]], part.kept[~part[treated]]
        if min(one.size, other.size) >= 1:
            total += one.size * (one.mean() - other.mean())
            weight += one.size
    return float(total / weight)


def voices(view: View) -> dict[str, float]:
    said = view.table("interactions")
    found = {}
    topic = said._body // (4 * 24)
    for module, half, code in ((complaint, 0, 8), (incident, 1, 9)):
        who = view.draft.half(2, half)
        late = view.occasions[(view.occasions.day >= module.START) & (view.occasions.turn >= 1)]
        index = late.groupby("customer").day.min().reindex(who).dropna().astype(int)
        day = index.to_numpy() + module.WAIT
        frame = pd.DataFrame({"customer": index.index, "day": day})[day < view.days]
        rows = said[topic == code].set_index("customer_id")
        frame["hit"] = frame.customer.isin(rows.index)
        frame["sorry"] = frame.customer.map(rows.apology).eq(1)
        frame["kept"] = (
            view.order_days(frame.customer.to_numpy(), frame.day.to_numpy() + 1, frame.day.to_numpy() + 180) > 0
        )
        frame["stratum"] = (frame.day - module.START) // 90
        old = frame[frame.day + 180 < view.days]
        if half == 0:
            found |= {"complaint.share": float(frame.hit.mean()), "complaint.effect_180d": _within(old, "hit")}
        else:
            alone, sorry, spared = (old.kept[m].mean() for m in (old.hit & ~old.sorry, old.sorry, ~old.hit))
            found["incident.no_apology_180d"], found["incident.apology_180d"] = (
                float(alone - spared),
                float(sorry - spared),
            )
            found["incident.apology_gain_180d"] = float(sorry - alone)
    return found


def ranks(view: View) -> dict[str, float]:
    history = view.table("tier_history")
    fiscal = history[history.rule == 1].pivot(index="customer_id", columns="review_date", values="tier")
    yen = history[history.rule == 1].pivot(index="customer_id", columns="review_date", values="basis_amount").to_numpy()
    found, words = {}, ("regular", "silver", "gold")
    for year in range(fiscal.shape[1] - 1):
        before, after = fiscal.iloc[:, year], fiscal.iloc[:, year + 1]
        for one in range(3):
            for other in range(3):
                name = f"tiers.year_{year + 1}_to_{year + 2}.{words[one]}.{words[other]}"
                found[name] = float((after[before == one] == other).mean())
    calm = float(view.truth["rank_fall.share"].definition.split("beyond ")[1])
    found["rank_fall.share"] = (found["tiers.year_2_to_3.gold.regular"] - calm) / (1 - calm)
    return found | _line(view, yen)


def _line(view: View, yen: np.ndarray) -> dict[str, float]:
    world, found = view.world, {}
    for name, line in (("rank_cliff.jump", world.thresholds[1]),):
        with np.errstate(divide="ignore"):
            x, y = np.log(yen[:, 0] / line), np.log(yen[:, 1])
        used = (np.abs(x) < 0.5) & ~((x >= np.log(0.95)) & (x <= np.log(1.02))) & (yen[:, 1] > 0)
        design = np.stack([np.ones(used.sum()), x[used], x[used] >= 0], axis=1)
        found[name] = float(np.linalg.lstsq(design, y[used], rcond=None)[0][2])
    line = world.thresholds[1]
    low, high = np.log(np.array([0.95, 1.0]) * line / world.spend_median) / world.spend_sd
    expected = np.isfinite(yen[:, 0]).sum() * (1 - world.idle) * (norm.cdf(high) - norm.cdf(low))
    found["rank_cliff.bunching"] = 1 - float(((yen[:, 0] >= 0.95 * line) & (yen[:, 0] < line)).sum()) / expected
    return found


def subscriptions(view: View) -> dict[str, float]:
    log = view.table("subscriptions")
    ships = log[log.event == 1].groupby("subscription_id").size()
    cancelled = ships.index.isin(log[log.event == 4].subscription_id)
    waits = log[log.event.isin((2, 3))]
    pending = waits[waits.shipment.to_numpy() == ships.reindex(waits.subscription_id).to_numpy()].subscription_id
    renewals = ships.to_numpy() - 1 + ships.index.isin(pending)
    found, alive = {}, 1.0
    for n in range(1, 13):
        risk = ((renewals >= n) | ((renewals == n - 1) & cancelled)).sum()
        alive *= 1 - (cancelled & (renewals == n - 1)).sum() / risk
        found[f"subscription.survival.{n}"] = float(alive)

    def minus(theta: np.ndarray) -> float:
        a, b = np.exp(theta)
        return float(-(np.where(cancelled, betaln(a + 1, b + renewals), betaln(a, b + renewals)) - betaln(a, b)).sum())

    a, b = np.exp(optimize.minimize(minus, [0.0, 0.5], method="BFGS").x)
    return found | {"sbg.alpha": a, "sbg.beta": b}


def leads(view: View) -> dict[str, float]:
    contacts, stages = view.table("contacts"), view.table("leads")
    count = stages.groupby("stage").size()
    words = ("latent", "prospect", "negotiable", "sales")
    found = {f"leads.{words[n]}.passes": count[n + 1] / count[n] for n in range(3)}
    asked = contacts[contacts.lead_id > 0].drop_duplicates("lead_id")
    won = asked.lead_id.isin(stages[stages.stage == 4].lead_id)
    shares = won.groupby(asked.sequence.astype(int)).mean()
    return found | {f"sequence.{number}.win": float(share) for number, share in shares.items()}


def costs(view: View) -> dict[str, float]:
    sums = view.table("costs").groupby("medium")[["cost", "new_customers"]].sum()
    return {f"cpo.medium_{medium + 1}": float(row.cost / row.new_customers) for medium, row in sums.iterrows()}


def buying(view: View) -> dict[str, float]:
    """Maximum likelihood of BG/NBD (log parameters) and Gamma-Gamma, written anew."""
    group = view.occasions.groupby("customer")
    first, last, count = group.day.min().to_numpy(), group.day.max().to_numpy(), group.size().to_numpy()
    x, tx, age = count - 1, last - first, view.days - 0.5 - first

    def bg(theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the log-likelihood and its gradient."""
        r, alpha, a, b = np.exp(theta)
        alive = np.maximum((alpha + age) ** -(r + x), 1e-300)
        dead = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * (alpha + tx) ** -(r + x), 0)
        known = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        gone = dead / (alive + dead)
        slopes = (
            psi(r + x) - psi(r) + np.log(alpha) - (1 - gone) * np.log(alpha + age) - gone * np.log(alpha + tx),
            r / alpha - (r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + tx)),
            psi(a + b) - psi(a + b + x) + gone / a,
            psi(b + x) - psi(a + b + x) - psi(b) + psi(a + b) - gone / (b + np.maximum(x, 1) - 1),
        )
        return float(-(known + np.log(alive + dead)).sum()), -np.exp(theta) * [slope.sum() for slope in slopes]

    start = np.log([0.6, 120.0, 0.8, 2.5])
    bounds = [(value - 3, value + 3) for value in start]
    fit = optimize.minimize(bg, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-9})
    r, alpha, a, b = np.exp(fit.x)
    later = view.occasions[view.occasions.turn > 0].groupby("customer").yen
    z, n = later.mean().to_numpy(), later.size().to_numpy()

    def gg(theta: np.ndarray) -> float:
        p, q, g = np.exp(theta)
        known = gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(g) + p * n * np.log(n)
        return float(-(known + (p * n - 1) * np.log(z) - (p * n + q) * np.log(g + n * z)).sum())

    p, q, g = np.exp(optimize.minimize(gg, np.log([3.0, 3.0, 4000.0]), method="L-BFGS-B", options={"ftol": 1e-7}).x)
    return {
        "bg_nbd.r": r,
        "bg_nbd.alpha": alpha,
        "bg_nbd.a": a,
        "bg_nbd.b": b,
        "gamma_gamma.p": p,
        "gamma_gamma.q": q,
        "gamma_gamma.gamma": g,
    }
