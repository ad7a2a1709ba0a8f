//! Stand-in for the program.
use clap::{Parser, Subcommand};
use mufakat::cli::output::note;
use mufakat::cli::{replay, run};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "mufakat", version)]
struct Cli {
    #[arg(short = 'j', long, global = true, env = "MUFAKAT_THREADS")]
    threads: Option<usize>,
    #[arg(short, long, global = true)]
    quiet: bool,
    #[arg(long, global = true)]
    no_progress: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::RunArgs),
    Replay(replay::ReplayArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = run::Settings {
        threads: cli.threads,
        quiet: cli.quiet,
        progress: !cli.no_progress,
    };
    let result = match &cli.command {
        Command::Run(args) => run::run(args, &settings),
        Command::Replay(args) => replay::replay(args, &settings),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            note(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}
