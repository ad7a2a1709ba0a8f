//! Offers as users write them: `TERM=LEVEL,...`, or a TOML file with a table `[offer]`.

use crate::cli::args::brief::OfferText;
use crate::cli::texts::TextFiles;
use crate::engine::model::Model;
use crate::error::Error;
use crate::study::brief::offer::Offer;

/// What cash is called where no term has the name.
const CASH: &str = "cash";

impl OfferText {
    /// The offer with the terms that it does not name, for an arm of a model.
    pub fn read(
        &self,
        model: &Model,
        arm: usize,
        files: &TextFiles,
    ) -> Result<(Offer, Vec<usize>), Error> {
        let levels = match self.0.contains('=') {
            true => self.listed()?,
            false => in_file(&self.0, files)?,
        };
        let ids: Vec<&str> = model.terms.iter().map(|term| term.id.as_str()).collect();
        let (mut named, mut cash) = (Vec::new(), None);
        for (name, level) in levels {
            match ids.iter().position(|id| *id == name) {
                Some(k) if named.iter().any(|&(known, _)| known == k) => {
                    return Err(self.refused(format!("`{name}` stands there twice")));
                }
                Some(k) => named.push((k, level)),
                None if name == CASH && cash.is_none() => cash = Some(level),
                None => return Err(Error::unknown("term", &name, &ids)),
            }
        }
        let unnamed = (0..ids.len()).filter(|k| named.iter().all(|(known, _)| known != k));
        let offer = Offer::new(model, arm, &named, cash)?;
        Ok((offer, unnamed.collect()))
    }

    fn listed(&self) -> Result<Vec<(String, f64)>, Error> {
        let parts = self.0.split(',').filter(|part| !part.trim().is_empty());
        let part = |part: &str| {
            let (name, level) = part
                .split_once('=')
                .ok_or_else(|| self.refused(format!("`{}` has no level", part.trim())))?;
            let level = level.trim();
            match level.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok((name.trim().to_owned(), number)),
                _ => Err(self.refused(format!("`{level}` is no number"))),
            }
        };
        parts.map(part).collect()
    }

    fn refused(&self, reason: String) -> Error {
        Error::Offer {
            text: format!("'{}'", self.0),
            reason,
        }
    }
}

/// Levels by name in the table `[offer]` of a file.
fn in_file(name: &str, files: &TextFiles) -> Result<Vec<(String, f64)>, Error> {
    let unreadable = |reason: String| Error::Unreadable {
        name: name.to_owned(),
        reason,
    };
    let text = files.base(name).map_err(unreadable)?;
    let file: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = 1 + text[..at].matches('\n').count();
        unreadable(format!("line {line}: {}", error.message()))
    })?;
    if let Some(other) = file.keys().find(|key| *key != "offer") {
        return Err(unreadable(format!("it has `{other}` beside [offer]")));
    }
    let offer = file.get("offer").and_then(toml::Value::as_table);
    let offer = offer.ok_or_else(|| unreadable("it has no table [offer]".to_owned()))?;
    let levels = offer.iter().map(|(name, value)| {
        let number = value
            .as_float()
            .or(value.as_integer().map(|one| one as f64));
        let number = number.filter(|number| number.is_finite());
        let number = number.ok_or_else(|| unreadable(format!("offer.{name} is no number")))?;
        Ok((name.clone(), number))
    });
    levels.collect()
}
