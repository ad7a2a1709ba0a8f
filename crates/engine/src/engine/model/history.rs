//! A documented bargain: what stood before it, what came of it, and which number of each world is held against that.
//!
//! Which results the numbers name is known to whoever reads results: here they are texts.

/// What became of a bargain that is on record.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Who bargained, in a line.
    pub who: String,
    /// When.
    pub when: String,
    /// Year of the observed figure.
    pub outcome: String,
    /// What each side had if talks failed.
    pub outside: String,
    /// Who is a state, who is a hyperscaler, what is the market, which terms, which money.
    pub mapping: String,
    /// What the model cannot express of it.
    pub missing: Vec<String>,
    /// What is compared.
    pub figure: HistoryFigure,
    /// What came of it.
    pub observed: HistoryObserved,
    /// Who gained most, if that is on record.
    pub winner: Option<HistoryWinner>,
    /// What the case says of the model, written once it was played; empty: nothing yet.
    pub after: String,
}

/// A number of each world: times · (result − less)/per.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryFigure {
    /// What is compared, in words.
    pub what: String,
    /// Its unit.
    pub unit: String,
    /// What it is made of.
    pub ratio: HistoryRatio,
    /// The factor, for example 100 for per cent.
    pub times: f64,
    /// 1 where more is better for the side that joins, −1 where less is.
    pub gain: f64,
}

/// (result − less)/per, of paths into results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRatio {
    /// What is read.
    pub result: String,
    /// What is taken from it; nothing if absent.
    pub less: Option<String>,
    /// What it is divided by; nothing if absent.
    pub per: Option<String>,
}

impl HistoryRatio {
    /// Its paths, in the order of the formula.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let others = [&self.less, &self.per].into_iter().flatten();
        std::iter::once(&self.result)
            .chain(others)
            .map(String::as_str)
    }
}

/// A figure on record: low <= value <= high.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // named as in the scenario file
pub struct HistoryObserved {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub grade: String,
    pub source: String,
    /// How the range was formed; may be empty.
    pub note: String,
}

/// Who gained most, on record and among whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryWinner {
    /// Index of the winner on record.
    pub observed: usize,
    /// Those among whom it is, at least two.
    pub among: Vec<HistoryCandidate>,
}

/// One of those among whom somebody gained most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryCandidate {
    /// In words.
    pub who: String,
    /// What it gained.
    pub ratio: HistoryRatio,
}

impl History {
    /// All paths into results that it names, in the order of the file, some of them perhaps more than once.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let among = self.winner.iter().flat_map(|winner| &winner.among);
        let of_winner = among.flat_map(|one| one.ratio.paths());
        self.figure.ratio.paths().chain(of_winner)
    }
}
