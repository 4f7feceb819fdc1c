//! The time zone in which days and times are shown.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};
use std::sync::OnceLock;

use jiff::tz::TimeZone;

use crate::core::text::Text;

/// The largest zone file that is read, in bytes; those of the time-zone database have fewer than 4 KiB.
const LARGEST: u64 = 64 * 1024;

/// A time zone, and the problem with the requested one.
pub(super) struct Zone {
    pub zone: TimeZone,
    /// The reason why times are shown in UTC although another zone was requested.
    pub problem: Option<String>,
}

/// The zone of the system, and the folders with the zones that have names.
const SYSTEM: &str = "/etc/localtime";
const NAMED: [&str; 3] = [
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/etc/zoneinfo",
];

/// Returns the zone named by `TZ`, or the system's zone if it is not set. It is read once.
///
/// The file of the zone is read first, because the time-zone database lists hundreds of files before it reads one.
pub(super) fn zone() -> &'static Zone {
    static ZONE: OnceLock<Zone> = OnceLock::new();
    ZONE.get_or_init(|| match std::env::var_os("TZ") {
        Some(name) => Zone::named(&name),
        None => Zone {
            // A system without a configured zone uses UTC.
            zone: in_file(SYSTEM, Path::new(SYSTEM))
                .or_else(|_| TimeZone::try_system().map_err(|error| error.to_string()))
                .unwrap_or(TimeZone::UTC),
            problem: None,
        },
    })
}

impl Zone {
    /// Reads a zone as `TZ` may define it: a name, a rule such as `EST5EDT`, or the absolute path of a zone file, each
    /// with an optional colon before it. An empty value means UTC.
    fn named(name: &OsStr) -> Self {
        let shown = Text::new(&name.to_string_lossy()).line();
        let found = match name.to_str() {
            Some(name) => read(name.strip_prefix(':').unwrap_or(name)),
            None => Err("is not UTF-8 text".to_owned()),
        };
        match found {
            Ok(zone) => Self {
                zone,
                problem: None,
            },
            Err(why) => {
                let problem = format!(
                    "TZ={shown} {why}: times are shown in UTC; set TZ to a name such as Asia/Tokyo"
                );
                Self {
                    zone: TimeZone::UTC,
                    problem: Some(problem),
                }
            }
        }
    }
}

fn read(name: &str) -> Result<TimeZone, String> {
    if name.is_empty() {
        return Ok(TimeZone::UTC);
    }
    let path = Path::new(name);
    if path.is_absolute() {
        return in_file(name, path);
    }
    // A name is one only if it stays in the folder.
    if path
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        let mut found = NAMED
            .iter()
            .map(|folder| in_file(name, &Path::new(folder).join(path)));
        if let Some(Ok(zone)) = found.find(Result::is_ok) {
            return Ok(zone);
        }
    }
    let zone = TimeZone::get(name).or_else(|_| TimeZone::posix(name));
    zone.map_err(|_| "is not a known time zone".to_owned())
}

fn in_file(name: &str, path: &Path) -> Result<TimeZone, String> {
    let bytes = bytes_of(path).map_err(|error| format!("cannot be read ({error})"))?;
    TimeZone::tzif(name, &bytes).map_err(|_| "is not a zone file".to_owned())
}

/// Reads a regular file of limited size, because `TZ` may name an endless pipe or device.
fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if !found.is_file() || found.len() > LARGEST {
        return Err(io::Error::other("not a regular file of at most 64 KiB"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(name: &str) -> (i8, bool) {
        let zone = Zone::named(OsStr::new(name));
        // 1 Dec 2026, 20:00 UTC
        let moment = jiff::Timestamp::from_second(1_796_155_200).unwrap();
        (
            moment.to_zoned_datetime(zone.zone).hour(),
            zone.problem.is_some(),
        )
    }

    #[test]
    fn a_zone_is_found_by_name_rule_and_path() {
        for name in ["Asia/Tokyo", ":Asia/Tokyo", "JST-9"] {
            assert_eq!(hour(name), (5, false), "{name}");
        }
        assert_eq!(hour("America/New_York"), (15, false));
        assert_eq!(hour("EST5EDT,M3.2.0,M11.1.0"), (15, false));
        assert_eq!(hour(""), (20, false));
        assert_eq!(hour("UTC"), (20, false));
        let tokyo = "/usr/share/zoneinfo/Asia/Tokyo";
        if Path::new(tokyo).exists() {
            assert_eq!(hour(tokyo), (5, false));
            assert_eq!(hour(&format!(":{tokyo}")), (5, false));
        }
    }

    #[test]
    fn what_is_not_a_zone_is_named_and_never_read_without_end() {
        for name in [
            "Asia/Tokio",
            "/dev/zero",
            "/",
            "/no/such/file",
            "/etc/passwd",
            "../../../etc/localtime",
            "\u{1b}[2J",
        ] {
            assert_eq!(hour(name), (20, true), "{name}");
        }
        assert!(
            Zone::named(OsStr::new("Asia/Tokio"))
                .problem
                .unwrap()
                .starts_with("TZ=Asia/Tokio is not a known")
        );
    }
}
