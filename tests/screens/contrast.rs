//! The contrast of every colour is sufficient by the formula of WCAG 2.

use aethos::app::settings::ThemeChoice;
use aethos::tui::theme::{Role, Theme};
use ratatui::style::Color;

const ROLES: [Role; 13] = [
    Role::Text,
    Role::Dim,
    Role::Strong,
    Role::Title,
    Role::Cursor,
    Role::Chosen,
    Role::Key,
    Role::Good,
    Role::Bad,
    Role::Warn,
    Role::Struck,
    Role::Code,
    Role::Keyword,
];

type Rgb = [u8; 3];

/// The colours from 16 on, which are the same in every terminal: a 6x6x6 cube, then 24 greys.
fn xterm(index: u8) -> Rgb {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index {
        0..16 => panic!("colour {index} is what the user's scheme makes of it"),
        16..232 => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(step),
        232.. => [8 + 10 * (index - 232); 3],
    }
}

fn luminance(rgb: Rgb) -> f64 {
    let [r, g, b] = rgb.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Returns the contrast ratio, from 1 (equal colours) to 21 (black on white).
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn the_formula_is_right() {
    assert_eq!(contrast([0; 3], [255; 3]), 21.0);
    assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
    assert_eq!(
        (xterm(16), xterm(117), xterm(231)),
        ([0; 3], [135, 215, 255], [255; 3])
    );
    assert_eq!((xterm(232), xterm(255)), ([8; 3], [238; 3]));
}

#[test]
fn every_colour_is_readable_on_the_usual_backgrounds() {
    let themes: [(ThemeChoice, [Rgb; 2]); 2] = [
        (ThemeChoice::Dark, [[0; 3], [0x1e; 3]]),
        (ThemeChoice::Light, [[0xff; 3], [0xfd, 0xf6, 0xe3]]),
    ];
    let mut problems = Vec::new();
    for (choice, backgrounds) in themes {
        let theme = Theme::new(choice, false, false);
        for role in ROLES {
            let Some(Color::Indexed(index)) = theme.style(role).fg else {
                continue;
            };
            for background in backgrounds {
                let ratio = contrast(xterm(index), background);
                if ratio < 4.5 {
                    problems.push(format!(
                        "{} {role:?} ({index}) on {background:02x?}: {ratio:.2}",
                        choice.word()
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
