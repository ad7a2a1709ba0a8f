//! Which uncertain quantities are taken as one factor.

use crate::analysis::factors::Factor;
use crate::cli::given::{factors, matches};
use crate::error::Error;
use crate::model::Model;

/// The factors: groups NAME=GLOB as asked for, and every quantity that a glob names by itself; all of them without either.
///
/// # Errors
/// A group that cannot be formed, or a glob that matches nothing uncertain.
pub fn grouped(named: &[String], globs: &[String], model: &Model) -> Result<Vec<Factor>, Error> {
    let mut groups = Vec::new();
    let mut taken = vec![false; model.uncertain.len()];
    for text in named {
        let Some((name, glob)) = text.split_once('=') else {
            return Err(Error::Group {
                text: text.clone(),
                reason: "expected NAME=GLOB".to_owned(),
            });
        };
        let uncertain = model.uncertain.iter().enumerate();
        let members: Vec<usize> = uncertain
            .filter(|(_, one)| matches(glob, &one.path))
            .map(|(index, _)| index)
            .collect();
        if let Some(&twice) = members.iter().find(|&&member| taken[member]) {
            return Err(Error::Group {
                text: text.clone(),
                reason: format!(
                    "{} is in another group already",
                    model.uncertain[twice].path
                ),
            });
        }
        let is_path = model.uncertain.iter().any(|one| one.path == name);
        if name.is_empty() || is_path || groups.iter().any(|one: &Factor| one.name == name) {
            return Err(Error::Group {
                text: text.clone(),
                reason: "every group needs a name of its own".to_owned(),
            });
        }
        if members.is_empty() {
            return Err(Error::NoFactor {
                flag: "--group",
                glob: glob.to_owned(),
            });
        }
        members.iter().for_each(|&member| taken[member] = true);
        groups.push(Factor {
            name: name.to_owned(),
            members,
        });
    }
    if !groups.is_empty() && globs.is_empty() {
        return Ok(groups);
    }
    let single = factors(model, globs)?
        .into_iter()
        .filter(|&index| !taken[index]);
    groups.extend(single.map(|index| Factor {
        name: model.uncertain[index].path.clone(),
        members: vec![index],
    }));
    Ok(groups)
}
