//! The explorer in a browser, played by the program: whom it answers, and with what.

#[cfg(feature = "serve")]
mod client;
#[cfg(feature = "serve")]
mod frames;
#[cfg(feature = "serve")]
mod hostile;
#[cfg(feature = "serve")]
mod table;

#[cfg(not(feature = "serve"))]
#[test]
fn a_program_without_it_says_how_it_is_built_in() {
    use crate::support::program::check;

    for args in [&["serve"][..], &["serve", "two-states", "--port", "8000"]] {
        let (out, err) = check(args, 2);
        assert!(out.is_empty());
        let command = "`cargo install --path . --features serve`";
        assert!(err.contains(command), "{err}");
    }
}
