//! Output that can't be written, and what is printed of paths.

use std::process::Stdio;

use super::home::{Home, singles};
use super::{refusal, text};

#[cfg(unix)]
fn shell(home: &Home, script: &str) -> std::process::Output {
    let mut command = home.command(&[]);
    let program = command.get_program().to_owned();
    let environment: Vec<_> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    let folder = command.get_current_dir().map(std::path::Path::to_owned);
    command = std::process::Command::new("sh");
    command
        .args(["-c", script])
        .env("AETHOS", program)
        .envs(environment);
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    command.output().unwrap()
}

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let home = Home::new();
    let mistakes = format!(
        "{}/tests/fixtures/decks/mistakes.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    for (args, code) in [
        (&["check", &mistakes][..], 1),
        (&["check", "--format", "json", &mistakes], 1),
        (&["history"], 0),
    ] {
        let mut child = home.command(args).stdin(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stderr).as_str()),
            (Some(code), ""),
            "{args:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_can_not_be_written_is_an_error() {
    let home = Home::new();
    for args in ["--help", "--version", "check --help", "help", "decks"] {
        let output = shell(&home, &format!("\"$AETHOS\" {args} > /dev/full"));
        let said = refusal(&output, 1);
        assert!(said.contains("No space left"), "{args}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_limit_of_file_sizes_is_named() {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 4));
    let limited = shell(
        &home,
        "ulimit -f 8; printf 'a\\nb\\n' | \"$AETHOS\" assess mine --plain --untimed --questions 3",
    );
    let said = text(&limited.stderr);
    assert_eq!(limited.status.code(), Some(1), "{said}");
    assert!(
        said.contains("the limit of file sizes stopped it"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn paths_are_printed_without_control_characters() {
    let home = Home::new();
    home.output(&["mentor", "add", "Ada"]);
    let file = home.work().join("a\u{1b}[31mb\nc.backup");
    let printed = home.output(&["backup", file.to_str().unwrap()]);
    assert!(file.exists());
    assert!(!printed.contains('\u{1b}'), "{printed:?}");
    assert_eq!(printed.lines().count(), 1, "{printed:?}");
}

#[cfg(unix)]
#[test]
fn a_report_is_printed_without_a_file() {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 4));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "3"];
    assert!(home.run_with(&args, "a\nb\nfinish\ny\n").status.success());
    for args in [&["--force"][..], &[]] {
        let refused = home.run(&[&["report", "-o", "/dev/stdout"], args].concat());
        assert!(
            refusal(&refused, 1).contains("leave out -o to print"),
            "{refused:?}"
        );
    }
}

#[test]
fn a_question_is_drawn_in_ascii_where_the_locale_has_no_more() {
    let home = Home::new();
    let name = "system-monitoring/visualization-and-dashboards.102";
    let args = ["show", name, "--seed", "3", "--key"];
    let in_locale = |locale: &str| {
        let mut command = home.command(&args);
        let output = command.env("LC_ALL", locale).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(in_locale("C.UTF-8").contains('█'));
    let plain = in_locale("C");
    assert!(plain.contains("####") && plain.is_ascii(), "{plain}");
}
