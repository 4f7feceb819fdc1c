//! A reader for `SQLite`'s rollback journal. `SQLite` itself would write its pages into the database as soon as it opens
//! it.
//!
//! The format is described at <https://www.sqlite.org/fileformat2.html#the_rollback_journal>. A header, which fills a
//! sector, is followed by the pages as they were before the transaction, each with its number and a checksum. A long
//! transaction has several such parts.

const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// The fields of a header, without the padding.
const HEADER: usize = 28;
/// A page count that means "all pages up to the end of the journal".
const ALL: u32 = u32::MAX;

/// A part of a journal: its header.
struct Part {
    pages: u32,
    nonce: u32,
    /// The size of the database before the transaction, in pages.
    size_before: usize,
    sector: usize,
    page_size: usize,
}

impl Part {
    fn at(journal: &[u8], at: usize) -> Option<Self> {
        let header = journal.get(at..at.checked_add(HEADER)?)?;
        if header[..8] != MAGIC {
            return None;
        }
        let part = Self {
            pages: word(header, 8),
            nonce: word(header, 12),
            size_before: word(header, 16) as usize,
            sector: word(header, 20) as usize,
            page_size: word(header, 24) as usize,
        };
        let is_possible =
            |size: usize, least: usize| size.is_power_of_two() && (least..=65536).contains(&size);
        (is_possible(part.sector, 32) && is_possible(part.page_size, 512)).then_some(part)
    }

    fn checksum(&self, page: &[u8]) -> u32 {
        let bytes = (1..).map_while(|n| self.page_size.checked_sub(200 * n));
        bytes
            .take_while(|at| *at > 0)
            .fold(self.nonce, |sum, at| sum.wrapping_add(page[at].into()))
    }
}

/// Returns the database with the pages of the journal, as `SQLite` would restore it; `None` if the journal has no valid
/// header, or has pages of another size.
pub(super) fn rolled_back(mut database: Vec<u8>, journal: &[u8]) -> Option<Vec<u8>> {
    let first = Part::at(journal, 0)?;
    // The page size from the header of the database, where 1 means 65,536 bytes.
    let page_size = match database.get(16..18)? {
        [0, 1] => 65536,
        size => usize::from(size[0]) << 8 | usize::from(size[1]),
    };
    if first.page_size != page_size {
        return None;
    }
    let size = first.size_before.checked_mul(page_size)?;
    // More pages than both files have can't come from them.
    if size > database.len() + journal.len() {
        return None;
    }
    database.resize(size, 0);
    let mut at = 0;
    while let Some(part) = Part::at(journal, at).filter(|part| part.page_size == page_size) {
        at += part.sector;
        let mut rest = part.pages;
        while rest > 0
            && let Some(record) = journal.get(at..at + page_size + 8)
        {
            let (number, page) = (word(record, 0) as usize, &record[4..4 + page_size]);
            if number == 0 || word(record, 4 + page_size) != part.checksum(page) {
                // The transaction had not changed the database when this page was written.
                return Some(database);
            }
            if let Some(old) = database.chunks_exact_mut(page_size).nth(number - 1) {
                old.copy_from_slice(page);
            }
            at += page_size + 8;
            rest = if part.pages == ALL { ALL } else { rest - 1 };
        }
        at = at.next_multiple_of(part.sector);
    }
    Some(database)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a journal of one part with the first page of a database.
    pub fn journal_of_first_page(database: &[u8]) -> Vec<u8> {
        let page_size = 4096;
        let nonce: u32 = 0x1234_5678;
        let pages = database.len() / page_size;
        let mut journal = MAGIC.to_vec();
        for field in [1, nonce, pages as u32, 512, page_size as u32] {
            journal.extend(field.to_be_bytes());
        }
        journal.resize(512, 0);
        let page = &database[..page_size];
        let part = Part::at(&journal, 0).unwrap();
        journal.extend(1_u32.to_be_bytes());
        journal.extend(page);
        journal.extend(part.checksum(page).to_be_bytes());
        journal
    }

    #[test]
    fn the_pages_of_the_journal_are_restored_and_later_ones_removed() {
        let mut before = vec![7; 2 * 4096];
        before[16..18].copy_from_slice(&[0x10, 0]);
        let journal = journal_of_first_page(&before);
        let mut after = before.clone();
        after[100..200].fill(9);
        after.extend([1; 4096]);
        assert_eq!(rolled_back(after.clone(), &journal), Some(before));
        // A page that was torn ends the journal.
        let mut torn = journal.clone();
        torn[512 + 4 + 96] ^= 1;
        after.truncate(2 * 4096);
        assert_eq!(rolled_back(after.clone(), &torn), Some(after.clone()));
        assert_eq!(rolled_back(after, &journal[1..]), None);
    }
}
