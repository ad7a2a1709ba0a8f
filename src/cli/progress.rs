//! Progress on stderr: worlds played, rate and time left. Nothing where stderr is no terminal.

use crate::cli::host::Host;
use crate::theory::spelling::units::count;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::time::Duration;

/// How often the bar is drawn again while nothing happens.
const TICK: Duration = Duration::from_millis(200);

/// Of a run.
const TEMPLATE: &str = "{wide_bar} {human_pos} of {human_len} worlds, {rate} a second, {eta} left";

/// Of a study that others play.
const OF_QUEUE: &str = "{wide_bar} {human_pos} of {human_len} worlds{msg}{left}";

/// A bar for `trials` worlds that the tasks of a queue play, hidden unless `visible` and stderr is a terminal.
pub fn of_queue(trials: u64, visible: bool) -> ProgressBar {
    with_template(OF_QUEUE, trials, 0, visible)
}

/// A bar for `trials` worlds of which `done` are there already, hidden unless `visible` and stderr is a terminal; whoever holds the program
/// may look at it.
pub fn bar(trials: u64, done: u64, visible: bool, host: Option<&Host>) -> ProgressBar {
    let bar = with_template(TEMPLATE, trials, done, visible && host.is_none());
    if let Some(host) = host {
        host.watch(&bar);
    }
    bar
}

fn with_template(template: &str, trials: u64, done: u64, visible: bool) -> ProgressBar {
    let target = if visible {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let rate = |state: &ProgressState, out: &mut dyn Write| {
        let _ = match state.per_sec() {
            rate if rate < 10.0 => write!(out, "{rate:.1}"),
            rate => write!(out, "{}", count(rate as u64)),
        };
    };
    // Nothing is known of the time before something was played.
    let left = |state: &ProgressState, out: &mut dyn Write| {
        let _ = match state.per_sec() > 0.0 {
            true => write!(out, ", {:#} left", HumanDuration(state.eta())),
            false => Ok(()),
        };
    };
    let style = ProgressStyle::with_template(template)
        .expect("the template is valid")
        .with_key("rate", rate)
        .with_key("left", left);
    let bar = ProgressBar::with_draw_target(Some(trials), target).with_style(style);
    if !bar.is_hidden() {
        bar.enable_steady_tick(TICK);
    }
    // What an earlier run finished says nothing about the rate of this one.
    bar.set_position(done);
    bar.reset_eta();
    bar
}
