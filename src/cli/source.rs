//! Stand-in for reading scenarios.
use crate::cli::args::LayerArgs;
use crate::error::Error;
use crate::scenario::{Loaded, Request, Source, load};

/// Loads.
pub fn load_scenario(name: &str, layers: &LayerArgs) -> Result<Loaded, Error> {
    let read = |name: &str| {
        std::fs::read_to_string(name)
            .map_err(|error| Error::Read(name.to_owned(), error.to_string()))
    };
    let mut request = Request::new(name, read(name)?);
    for overlay in &layers.overlay {
        let name = overlay.display().to_string();
        let text = read(&name)?;
        request.overlays.push(Source { name, text });
    }
    request.sets = layers.set.clone();
    request.trials = layers.trials;
    request.seed = layers.seed;
    Ok(load(&request, &mut |name| {
        std::fs::read_to_string(name).map_err(|e| e.to_string())
    })?)
}
