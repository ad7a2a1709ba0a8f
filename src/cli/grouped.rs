//! Which uncertain quantities are taken as one factor.

use crate::cli::given::{factors, matches};
use crate::engine::model::Model;
use crate::error::Error;
use crate::study::factors::Factor;

/// The factors: groups NAME=GLOB as asked for, and every quantity that a glob names by itself; all of them without either.
pub fn grouped(named: &[String], globs: &[String], model: &Model) -> Result<Vec<Factor>, Error> {
    let mut groups = Vec::new();
    let mut taken = vec![false; model.uncertain.len()];
    for text in named {
        let refuse = |reason: String| {
            let text = text.clone();
            Err(Error::Group { text, reason })
        };
        let Some((name, glob)) = text.split_once('=') else {
            return refuse("expected NAME=GLOB".to_owned());
        };
        let members = members(glob, model);
        if let Some(&twice) = members.iter().find(|&&member| taken[member]) {
            let path = &model.uncertain[twice].path;
            return refuse(format!("{path} is in another group already"));
        }
        let is_path = model.uncertain.iter().any(|one| one.path == name);
        if name.is_empty() || is_path || groups.iter().any(|one: &Factor| one.name == name) {
            return refuse("every group needs a name of its own".to_owned());
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

/// Indices of the uncertain quantities whose path matches.
fn members(glob: &str, model: &Model) -> Vec<usize> {
    let uncertain = model.uncertain.iter().enumerate();
    let members = uncertain.filter(|(_, one)| matches(glob, &one.path));
    members.map(|(index, _)| index).collect()
}
