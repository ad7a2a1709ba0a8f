//! One world of some arms step by step, each number with its equation and its path: how a reader checks the engine by hand.

use crate::engine::model::Model;
use crate::engine::model::words::Vocabulary;
use crate::report::document::{Number, Span, Text, text, written};
use crate::report::render::terminal::Rendered;
use crate::report::wrap::hanging;
use crate::study::results::world::{
    ExplainedArm, ExplainedWindow, ExplainedWorld, StepKind, TableEnd, TableOfWorld, TalkStep,
    WindowPair,
};
use serde_json::Value;

/// Gains together from which on it is worth saying that terms cannot share them, USD bn: a thousandth of a dollar.
const LEAST: f64 = 1e-12;

/// How much further than its beginning the rest of a long line is set in.
const HANGING: usize = 4;

/// A number to six significant digits.
fn n(value: f64) -> String {
    // Less than a thousandth of a dollar is what rounding leaves of zero.
    if value.abs() < 1e-12 {
        return "0".to_owned();
    }
    let digits = 5 - libm::floor(libm::log10(value.abs())) as i32;
    if !value.is_finite() || !(-6..=12).contains(&digits) {
        return format!("{value:.5e}");
    }
    let text = format!("{value:.*}", digits.max(0) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// What the symbols mean, for readers who do not have the model at hand.
const LEGEND: &str = "\
Symbols (numbers in parentheses are equations of the model document, which is
src/docs/model.md and in `cargo doc`)
  V        AI value to a state that deals can unlock, USD bn
  β        bargaining power of the state
  σ        how well one state is served from another (1: as from itself)
  M = ∅    without an accord
  m, D, Z  market share; margin at stake and deal size (capital), USD bn
  F, C     cost of hosting; cost of the state's own regime, USD bn
  q        share of AI work covered
  y, ψ, ω  share of demand served; quality of service; demand captured
  b        how far a state falls behind others with access to the supplier
  Λ, Θ     cost of switching supplier; what that one built and would lose
  B, loss  what repricing after signing can take; what it takes
  E, S     deals that both sides count on; deals signed
  Γ        joint gain of a pair: of E, the lowest leaves while it is below zero
  ΔU, ΔΠ   what the deal adds for the state, for the hyperscaler, before terms
  λ        weight of the state along the frontier
  R, τ     what another would offer in a supplier's place; what is kept of gains
           where a supplier would have lost
  x, T     levels of the terms; cash to the state
  u, v     payoff of the state; profit of the hyperscaler
  X, Y     gains from deals made in the state that stay, and that go
";

/// A world in lines of `width` columns.
pub fn lines(model: &Model, world: &ExplainedWorld, width: usize) -> Rendered {
    let document = serde_json::to_value(world).expect("it is a document");
    let mut page = WorldLines {
        model,
        document,
        lines: Vec::new(),
    };
    page.draws(world);
    page.lines.extend(LEGEND.lines().map(|line| text![line]));
    for (name, arm) in &world.arms {
        page.arm(name, arm);
    }
    let lines: Vec<String> = page.lines.iter().map(|line| written(line)).collect();
    let spans = page.lines.into_iter().flatten();
    Rendered {
        text: hanging(&lines.join("\n"), width, HANGING),
        numbers: spans
            .filter_map(|span| match span {
                Span::Number(number) => Some(number),
                _ => None,
            })
            .collect(),
    }
}

/// What a pair brings from windows before, as far as there is any.
fn inherited(pair: &WindowPair) -> String {
    let mut said = String::new();
    if pair.hosted_before {
        said += ", hosted before";
    }
    let parts = [
        (pair.dependency, ", dependency {dependency} (37)"),
        (pair.asset, ", asset {asset} (46)"),
        (pair.stranded, ", Θ {stranded} (45)"),
        (pair.repriced, ", B {repriced} (39)"),
    ];
    for (value, words) in parts {
        if value != 0.0 {
            said += words;
        }
    }
    said
}

fn names(ids: &[String]) -> String {
    match ids.is_empty() {
        true => "nobody".to_owned(),
        false => ids.join(", "),
    }
}

fn number(value: f64, path: String) -> Number {
    // Signs are hyphens, as on every terminal.
    let text = n(value);
    Number {
        text: text.clone(),
        ..Number::new(&text, value, &path)
    }
}

struct WorldLines<'a> {
    model: &'a Model,
    document: Value,
    lines: Vec<Text>,
}

impl WorldLines<'_> {
    fn words(&mut self, words: &str) {
        self.lines.push(text![words]);
    }

    /// A line in which a key between braces is the number at this key below `base`.
    fn line(&mut self, base: &str, template: &str) {
        let mut line = Text::new();
        for part in template.split('{') {
            let Some((key, rest)) = part.split_once('}') else {
                line.extend(text![part]);
                continue;
            };
            let path = format!("{base}.{key}");
            let value = self
                .document
                .pointer(&format!("/{}", path.replace('.', "/")));
            let value = value.unwrap_or_else(|| panic!("there is no {path}"));
            line.extend(text![
                number(value.as_f64().unwrap_or(f64::NAN), path),
                rest
            ]);
        }
        self.lines.push(line);
    }

    /// What is drawn, before any arm plays.
    fn draws(&mut self, world: &ExplainedWorld) {
        let ExplainedWorld {
            scenario,
            seed,
            trial,
            ..
        } = world;
        self.words(&format!("World {trial} of `{scenario}`, seed {seed}"));
        self.words("");
        self.words(match world.draws.is_empty() && world.drawn_by_events.is_empty() {
            true => "Nothing is drawn: every quantity is a constant.",
            false => "Drawn quantities (inverse distribution function of the uniform keyed by seed, trial and path)",
        });
        for (path, &value) in &world.draws {
            let value = number(value, format!("draws.{path}"));
            self.lines.push(text![format!("  {path} = "), value]);
        }
        for (event, happened) in self.model.events.iter().zip(world.events.values()) {
            let verdict = match happened {
                true => format!("happens, from window {}", event.window),
                false => "does not happen".to_owned(),
            };
            self.words(&format!("  event `{}` {verdict}", event.name));
        }
        for (path, &value) in &world.drawn_by_events {
            let value = number(value, format!("drawn_by_events.{path}"));
            self.lines.push(text![format!("  {path} = "), value]);
        }
        self.words("");
    }

    /// What each state has after the last window, with the parts that add up to its payoff, then the windows.
    fn arm(&mut self, name: &str, arm: &ExplainedArm) {
        self.words("");
        self.words(&format!("Arm `{name}`"));
        self.words("What came of it: sums over all windows, discounted to the start, USD bn");
        for id in arm.states.keys() {
            let base = format!("arms.{name}.states.{id}");
            let payoff = format!(
                "  {id}: payoff {{payoff}} = access {{access}} + terms {{terms}} + cash {{cash}} + repricing {{repricing}} + own {{own}} + delay {{delay}} + switching {{switching}} + \
                 sharing {{sharing}}   (32)"
            );
            self.line(&base, &payoff);
            let rest = "      leverage {leverage}, supplier gain Y {supplier_gain}   (34); investment {investment}; exposure {exposure}; share of the bill \
                        {bill_share}";
            self.line(&base, rest);
            let members = match arm.causes[id].get("members") {
                Some(Some(_)) => format!("; {}   (44)", self.who_is_in()),
                _ => String::new(),
            };
            let causes = format!(
                "      due to: alone {{alone}} + rules {{rules}} + joint table {{table}} + sharing {{sharing}} + delay {{delay}}   (43){members}"
            );
            self.line(&format!("arms.{name}.causes.{id}"), &causes);
        }
        if arm.share_error.is_some() {
            let error = "  Shares of the gain are sampled: a member's is off by {share_error} of what is pooled (largest standard error)";
            self.line(&format!("arms.{name}"), error);
        }
        for (w, window) in arm.windows.iter().enumerate() {
            self.words("");
            self.words(&format!(
                "Window {} of `{name}`, from {}",
                window.window, window.year
            ));
            let base = format!("arms.{name}.windows.{w}");
            self.states(&base, window);
            self.pairs(&base, window);
            self.words("  Expected hosts E_h (17)");
            for (id, hosts) in &window.expected {
                self.words(&format!("    {id}: {}", names(hosts)));
            }
            self.not_expected(&base, window);
            self.talks(&base, window);
            self.tables(&base, window);
            self.deals(&base, window);
            self.service(&base, window);
            self.payoffs(&base, window);
        }
    }

    /// What its members bring, instead of those of which arm.
    fn who_is_in(&self) -> String {
        let reference = self.model.members_reference();
        let name = reference.map_or("", |arm| self.model.arms[arm].name.as_str());
        format!("who is in, less those of `{name}`, {{members}}")
    }

    fn states(&mut self, base: &str, window: &ExplainedWindow) {
        self.words("  States: market (2), V and β with M = ∅ (7), (9), talent, compute, σ from outside (11)");
        let states = |id: &str| format!("{base}.states.{id}");
        for id in window.states.keys() {
            let line = format!(
                "    {id}: gdp {{gdp}}, market {{market}} a year, V {{value}}, β {{bargaining_power}}, talent {{talent}}, compute {{compute}}, σ_0 \
                 {{served_from_outside}}"
            );
            self.line(&states(id), &line);
        }
        self.words("  Served from another state j: σ_ij with M = ∅ (10), row i, column j, as far as j has room");
        for (id, state) in &window.states {
            let row = state
                .served_from
                .keys()
                .map(|from| format!("{{served_from.{from}}}"));
            let row: Vec<String> = row.collect();
            self.line(&states(id), &format!("    {id}: {}", row.join("  ")));
        }
    }

    fn pairs(&mut self, base: &str, window: &ExplainedWindow) {
        self.words(
            "  Pairs: share m, margin D (3), size Z (4), hosting cost F (5), regime C (6), coverage q (8), v* (17), Λ with M = ∅ (20)",
        );
        let mut pairs = window.pairs.iter().enumerate().peekable();
        for state in window.states.keys() {
            for hyperscaler in window.hyperscalers.keys() {
                let who = format!("    {state}-{hyperscaler}");
                match pairs
                    .next_if(|(_, one)| one.state == *state && one.hyperscaler == *hyperscaler)
                {
                    None => self.words(&format!("{who}: not feasible")),
                    Some((k, one)) => {
                        let base = format!("{base}.pairs.{k}");
                        let line = who
                            + ": m {share}, D {margin}, Z {size}, F {hosting_cost}, C {compliance}, q {coverage}, v* {term_surplus}, Λ {switching_cost}";
                        self.line(&base, &line);
                        self.line(&base, &format!("      room {{room}}{}", inherited(one)));
                    }
                }
            }
        }
    }

    /// Whom nobody counts on, in the order in which they left.
    fn not_expected(&mut self, base: &str, window: &ExplainedWindow) {
        let left = window.not_expected.iter().enumerate().map(|(k, one)| {
            let who = format!("{}-{}", one.state, one.hyperscaler);
            format!("{who} {{not_expected.{k}.gain}}")
        });
        let left: Vec<String> = left.collect();
        if !left.is_empty() {
            let line = format!("    left in this order, at Γ: {}", left.join(", "));
            self.line(base, &line);
        }
    }

    /// Who serves whom in the end.
    fn service(&mut self, base: &str, window: &ExplainedWindow) {
        self.words("  Service in the end: y by host, quality ψ (12), demand captured ω (13), falling behind b (16)");
        for (k, one) in window.pairs.iter().enumerate() {
            let from = one.served_by.keys();
            let from: Vec<String> = from.map(|id| format!("{id} {{served_by.{id}}}")).collect();
            let from = match from.is_empty() {
                true => "no host".to_owned(),
                false => from.join(", "),
            };
            let line = format!(
                "    {}-{}: y from {from}; ψ {{quality}}, ω {{captured}}, b {{behind}}",
                one.state, one.hyperscaler
            );
            self.line(&format!("{base}.pairs.{k}"), &line);
        }
    }

    /// Who would have lost, then what is signed in the end.
    fn deals(&mut self, base: &str, window: &ExplainedWindow) {
        for (k, one) in window.concessions.iter().enumerate() {
            let base = format!("{base}.concessions.{k}");
            let what = match one.kept {
                Some(_) => "all at its tables keep τ {kept} of u_S",
                None => "and would at any concession: it leaves",
            };
            let line = format!(
                "  {} would lose by what it signed, v° {{loss}} (42): {what}",
                one.hyperscaler
            );
            self.line(&base, &line);
        }
        if window.deals.is_empty() {
            self.words("  Nothing is signed");
            return;
        }
        self.words("  Signed in the end: s (21), g (22), T, loss (40), x (23)");
        for (k, one) in window.deals.iter().enumerate() {
            let base = format!("{base}.deals.{k}");
            let levels = one.levels.keys();
            let levels: Vec<String> = levels.map(|id| format!("{id} {{levels.{id}}}")).collect();
            let line = format!(
                "    {}-{}: s {{value}}, g {{cost}}, T {{cash}}, loss {{loss}}; x: {}",
                one.state,
                one.hyperscaler,
                levels.join(", ")
            );
            self.line(&base, &line);
            let claims = one.claimed.keys();
            let claims = claims.map(|id| format!("{id} at least {{claimed.{id}}}"));
            let foreseen = one.foreseen.keys();
            let foreseen = foreseen
                .map(|id| format!("Z of those who will claim {id} {{foreseen.{id}}} of its own"));
            let clause: Vec<String> = claims.chain(foreseen).collect();
            if !clause.is_empty() {
                self.line(&base, &format!("      clause (41): {}", clause.join(", ")));
            }
        }
    }

    fn talks(&mut self, base: &str, window: &ExplainedWindow) {
        let Some(talks) = &window.talks else {
            return;
        };
        let base = format!("{base}.talks");
        self.words("  Talks about an accord (model, section 7)");
        let joined = names(&talks.joined);
        let accedes = talks
            .steps
            .iter()
            .any(|step| step.kind == StepKind::Accession);
        match accedes {
            true => self.words(&format!("    step 0, the accord stands: {joined} apply")),
            false => self.words(&format!("    step 1: {joined} join")),
        }
        for (k, step) in talks.steps.iter().enumerate() {
            self.step(&format!("{base}.steps.{k}"), step);
        }
        let (accord, talked) = (names(&talks.accord), names(&talks.talked));
        let line =
            format!("    accord: {accord}; rounds {{rounds}}, step 4: f = {{delay}} for {talked}");
        self.line(&base, &line);
    }

    fn step(&mut self, base: &str, step: &TalkStep) {
        let inside = names(&step.coalition);
        let against = match step.kind {
            StepKind::Poll => {
                self.line(
                    base,
                    &format!("    step 2, round {{round}}: poll of {inside}"),
                );
                "alone"
            }
            StepKind::Leaving => {
                self.words(&format!("    step 3 (31): who would leave {inside}"));
                "outside"
            }
            StepKind::Accession => {
                let applicant = step.applicant.as_deref().unwrap_or_default();
                let admitted = match step.admitted {
                    Some(true) => "is in",
                    _ => "stays out",
                };
                self.words(&format!(
                    "    step 0: {applicant} applies to {inside} and {admitted}"
                ));
                "without it"
            }
            StepKind::Dissolving => {
                self.words(&format!(
                    "    step 3: {inside} would all rather be alone, their accord ends"
                ));
                "alone"
            }
        };
        for (k, one) in step.weighed.iter().enumerate() {
            let id = &one.state;
            let verdict = match (step.kind, one.acts) {
                (StepKind::Poll | StepKind::Accession, true) => "yes",
                (StepKind::Poll | StepKind::Accession, false) => "no",
                (StepKind::Dissolving, _) => "would rather be alone",
                (StepKind::Leaving, _) if step.leaver.as_ref() == Some(id) => "leaves",
                (StepKind::Leaving, true) => "would gain",
                (StepKind::Leaving, false) => "stays",
            };
            let line = format!(
                "      {id}: inside {{inside}}, {against} {{outside}}, shift {{shift}}: {verdict}"
            );
            self.line(&format!("{base}.weighed.{k}"), &line);
        }
    }

    fn tables(&mut self, base: &str, window: &ExplainedWindow) {
        let (order, word) = (self.model.order.key(), self.model.solution.word());
        let (solution, equation) = match self.model.transfers {
            false => (word.key, word.equation),
            true => ("with cash", "(29)"),
        };
        self.words(&format!(
            "  Tables in the order in which they meet ({order}): ΔU (19), ΔΠ (18), then the bargain, {solution} {equation}"
        ));
        for (k, list) in window.short_lists.iter().enumerate() {
            let base = format!("{base}.short_lists.{k}");
            self.words(&format!("    tender of {}", names(&list.states)));
            for (at, round) in list.rounds.iter().enumerate() {
                let bids = round.bids.iter().map(|(id, bid)| match bid {
                    Some(_) => format!("{id} {{bids.{id}}}"),
                    None => format!("{id} none"),
                });
                let bids: Vec<String> = bids.collect();
                let goes = round.goes.as_ref();
                let goes = goes.map_or_else(String::new, |id| format!(": {id} goes"));
                let line = format!("      round {}: bids {}{goes}", at + 1, bids.join(", "));
                self.line(&format!("{base}.rounds.{at}"), &line);
            }
            let reserves = list.reserves.keys();
            let reserves: Vec<String> = reserves
                .map(|id| format!("{id} {{reserves.{id}}}"))
                .collect();
            let line = format!(
                "      short list, each with the highest bid R of another in its place: {}",
                reserves.join(", ")
            );
            self.line(&base, &line);
        }
        for (k, table) in window.tables.iter().enumerate() {
            self.table(&format!("{base}.tables.{k}"), table);
        }
    }

    fn table(&mut self, base: &str, table: &TableOfWorld) {
        let who = format!("    {} with {}", names(&table.states), table.hyperscaler);
        let reason = match table.ended {
            TableEnd::NotFeasible => "may not deal",
            TableEnd::OverBudget => "the deal is larger than what is left of the budget",
            TableEnd::Refused => "not on the short list",
            TableEnd::NobodyPlaced => "no member is worth a host",
            TableEnd::Agreed | TableEnd::NoDeal => "",
        };
        if !reason.is_empty() {
            self.words(&format!("{who}: {reason}"));
            return;
        }
        let placed = match table.placed == table.states {
            true => String::new(),
            false => format!(", hosts placed in {}", names(&table.placed)),
        };
        let gains = "ΔU {state_gain_before_terms}, ΔΠ {hyperscaler_gain_before_terms}, margin at risk {pressure}";
        let agreed = match (&table.agreement, self.model.transfers) {
            (None, false) if table.together > LEAST => {
                "no deal: together they would gain {together} (ΔU + ΔΠ + s − g at λ = ½), but terms alone cannot share it so that both gain"
            }
            (None, _) => "no deal",
            (Some(_), false) => {
                "λ {agreement.lambda}, u_S {agreement.state_gain}, u_H {agreement.hyperscaler_gain}"
            }
            (Some(_), true) => {
                "λ {agreement.lambda}, u_S {agreement.state_gain}, u_H {agreement.hyperscaler_gain}, T {agreement.transfer}"
            }
        };
        self.line(base, &format!("{who}{placed}: {gains}: {agreed}"));
    }

    fn payoffs(&mut self, base: &str, window: &ExplainedWindow) {
        self.words("  Payoffs of the window (32): f·(access + terms + cash + repricing) + own + switching + sharing; X and Y (34)");
        for (id, state) in &window.states {
            let gain = state.delay * (state.access + state.terms + state.cash + state.repricing);
            let line = format!(
                "    {id}: u {{payoff}} = {{delay}}·({{access}} + {{terms}} + {{cash}} + {{repricing}}) + {{own}} + {{switching}} + {{sharing}}; X {}, Y {{supplier_gain}}, \
                 leverage {{leverage}}, investment {{investment}}",
                n(gain)
            );
            self.line(&format!("{base}.states.{id}"), &line);
            let members = match state.members {
                Some(_) => format!("; {} (44)", self.who_is_in()),
                None => String::new(),
            };
            let causes = format!(
                "      due to (43): alone {{alone}} + rules {{rules}} + joint table {{table}}, before delay and sharing{members}"
            );
            self.line(&format!("{base}.states.{id}"), &causes);
        }
        self.words("  Hyperscalers: hosts S_h, v_h (33), comp_h (15), capital signed, cost of what serves others (14), Θ lost");
        for (id, one) in &window.hyperscalers {
            let line = format!(
                "    {id}: hosts {}; v {{profit}}, comp {{compliance_cost}}, capital {{capex}}, for others {{service_capital}}, Θ {{lost_assets}}",
                names(&one.hosts)
            );
            self.line(&format!("{base}.hyperscalers.{id}"), &line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_significant_digits_without_trailing_zeros() {
        for (value, text) in [
            (0.0, "0"),
            (-1.4e-17, "0"),
            (1.0, "1"),
            (0.075, "0.075"),
            (123456.7, "123457"),
            (-0.000123456789, "-0.000123457"),
        ] {
            assert_eq!(n(value), text);
        }
        assert_eq!(n(1e-9), "1.00000e-9");
    }
}
