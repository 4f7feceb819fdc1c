//! What a mentor lays on the table before a session: what comes back, what is new, and which of it will be asked.

use std::cmp::Reverse;

use super::Plan;
use super::record::Reason;
use crate::core::id::{CompetencyId, DeckId, FacetId, PersonId, QuestionId};
use crate::core::question::{Kind, Level};
use crate::core::text::Text;
use crate::core::time::{Day, Millis};

/// Questions that a session usually has.
pub const USUAL: usize = 6;
/// Talk about a question takes this long beside the time to answer and to say why.
const TALK: Millis = Millis::minutes(3);

/// A question that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub deck: DeckId,
    pub question: QuestionId,
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    /// Fair time in seconds.
    pub seconds: u32,
    pub family: Option<String>,
    /// How many of those who come have been shown it before.
    pub seen: usize,
}

/// A question that somebody is to be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// Its place among the offers.
    pub offer: usize,
    pub person: PersonId,
    pub reason: Reason,
    pub day: Day,
    /// What it asks, in a line.
    pub about: Text,
}

/// Who comes, what could be asked, and what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub people: Vec<PersonId>,
    pub offers: Vec<Offer>,
    /// The longest waiting first.
    pub back: Vec<Back>,
    /// Only questions of this level are added.
    pub level: Option<Level>,
    /// Only questions of this type are added.
    pub kind: Option<Kind>,
    /// Places among the offers, in the order of asking.
    chosen: Vec<usize>,
}

impl Table {
    pub fn new(people: Vec<PersonId>, offers: Vec<Offer>, back: Vec<Back>) -> Self {
        Self { people, offers, back, level: None, kind: None, chosen: Vec::new() }
    }

    /// Chooses `n` questions: at most half of them those that wait longest to be asked again, then one of each
    /// competency in turn, as they stand in `wanted`.
    pub fn suggest(&mut self, n: usize, wanted: &[CompetencyId]) {
        self.chosen.clear();
        for place in 0..self.back.len() {
            let offer = self.back[place].offer;
            if self.chosen.len() < n.div_ceil(2) && !self.is_chosen(offer) && !self.gives_away(offer) {
                self.chosen.push(offer);
            }
        }
        while self.chosen.len() < n {
            let before = self.chosen.len();
            for competency in wanted {
                if self.chosen.len() < n {
                    self.add(competency, None);
                }
            }
            if self.chosen.len() == before {
                return;
            }
        }
    }

    /// Adds a question of a competency, or of one facet of it: one that nobody has seen before one that somebody has,
    /// of a facet that is not there yet before one that is, and the easier one first. `false` where there is none left.
    pub fn add(&mut self, competency: &CompetencyId, facet: Option<&FacetId>) -> bool {
        let of_facet = |id: &FacetId| self.chosen.iter().filter(|chosen| self.offers[**chosen].facet == *id).count();
        let is_wanted = |offer: &Offer| {
            offer.competency == *competency
                && facet.is_none_or(|facet| offer.facet == *facet)
                && self.is_of_level_and_kind(offer)
        };
        let free = (0..self.offers.len())
            .filter(|place| is_wanted(&self.offers[*place]) && !self.is_chosen(*place) && !self.gives_away(*place));
        let best = free.min_by_key(|place| {
            let offer = &self.offers[*place];
            (offer.seen, of_facet(&offer.facet), offer.level, *place)
        });
        self.chosen.extend(best);
        best.is_some()
    }

    /// The filters let it through.
    pub fn is_of_level_and_kind(&self, offer: &Offer) -> bool {
        self.level.is_none_or(|level| offer.level == level) && self.kind.is_none_or(|kind| offer.kind == kind)
    }

    /// Takes the question added last of a competency, or of one facet of it, away again.
    pub fn take_away(&mut self, competency: &CompetencyId, facet: Option<&FacetId>) -> bool {
        let is_meant = |place: &usize| {
            let offer = &self.offers[*place];
            offer.competency == *competency && facet.is_none_or(|facet| offer.facet == *facet)
        };
        let last = self.chosen.iter().rposition(is_meant);
        last.map(|at| self.chosen.remove(at)).is_some()
    }

    /// Takes a question in, or leaves it out.
    pub fn toggle(&mut self, offer: usize) {
        match self.chosen.iter().position(|chosen| *chosen == offer) {
            Some(at) => drop(self.chosen.remove(at)),
            None if offer < self.offers.len() => self.chosen.push(offer),
            None => {}
        }
    }

    pub fn is_chosen(&self, offer: usize) -> bool {
        self.chosen.contains(&offer)
    }

    /// Another question of its family was chosen.
    fn gives_away(&self, offer: usize) -> bool {
        let Offer { deck, family, .. } = &self.offers[offer];
        let alike = |other: &Offer| other.deck == *deck && other.family == *family;
        family.is_some() && self.chosen().any(|other| *other != self.offers[offer] && alike(other))
    }

    /// What will be asked, in this order.
    pub fn chosen(&self) -> impl Iterator<Item = &Offer> {
        self.chosen.iter().map(|place| &self.offers[*place])
    }

    /// How long it will take, about: a question takes twice its fair time, to answer and to say why, and then the talk.
    pub fn minutes(&self) -> u64 {
        let span = self.chosen().map(|offer| Millis::seconds(2 * u64::from(offer.seconds)) + TALK);
        span.fold(Millis::ZERO, |sum, span| sum + span).0.div_ceil(60_000)
    }

    pub fn plan(&self) -> Plan {
        let mut places = self.chosen.clone();
        // What comes back is asked while there is time for it.
        places.sort_by_key(|place| Reverse(self.back.iter().any(|back| back.offer == *place)));
        let question = |place: usize| (self.offers[place].deck.clone(), self.offers[place].question.clone());
        Plan { people: self.people.clone(), questions: places.into_iter().map(question).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(n: usize, competency: &str, facet: &str, level: Level, seen: usize) -> Offer {
        Offer {
            deck: DeckId::new("deck"),
            question: QuestionId::new(format!("{facet}.{n:03}")),
            competency: CompetencyId::new(competency),
            facet: FacetId::new(facet),
            level,
            kind: Kind::Single,
            seconds: 60,
            family: None,
            seen,
        }
    }

    fn table() -> Table {
        let offers = vec![
            offer(0, "data", "raft", Level::Senior, 1),
            offer(1, "data", "raft", Level::Mid, 0),
            offer(2, "data", "models", Level::Senior, 0),
            offer(3, "faults", "retries", Level::Mid, 0),
            offer(4, "faults", "retries", Level::Senior, 0),
        ];
        let (person, reason, about) = (PersonId(2), Reason::Missed, Text::default());
        let back = vec![Back { offer: 0, person, reason, day: Day(1), about }];
        Table::new(vec![PersonId(2)], offers, back)
    }

    fn asked(table: &Table) -> Vec<String> {
        table.plan().questions.into_iter().map(|(_, question)| question.to_string()).collect()
    }

    #[test]
    fn what_waits_comes_first_then_each_competency_in_turn_with_new_facets_before_old_ones() {
        let mut table = table();
        table.suggest(4, &[CompetencyId::new("faults"), CompetencyId::new("data")]);
        assert_eq!(asked(&table), ["raft.000", "retries.003", "models.002", "retries.004"]);
        assert_eq!(table.minutes(), 4 * 5);
        table.suggest(40, &[CompetencyId::new("faults"), CompetencyId::new("data")]);
        assert_eq!(asked(&table).len(), 5);
    }

    #[test]
    fn a_question_is_added_by_facet_and_level_and_taken_away_again() {
        let mut table = table();
        let (data, raft) = (CompetencyId::new("data"), FacetId::new("raft"));
        table.level = Some(Level::Senior);
        assert!(table.add(&data, Some(&raft)));
        assert!(!table.add(&data, Some(&raft)), "there is one of that level");
        assert_eq!(asked(&table), ["raft.000"]);
        assert!(table.take_away(&data, None));
        assert!(!table.take_away(&data, None));
    }

    #[test]
    fn an_open_question_is_found_among_the_others() {
        let mut table = table();
        table.offers[4].kind = Kind::Open;
        table.kind = Some(Kind::Open);
        assert!(table.add(&CompetencyId::new("faults"), None));
        assert!(!table.add(&CompetencyId::new("faults"), None), "there is one of that type");
        assert_eq!(asked(&table), ["retries.004"]);
    }

    #[test]
    fn two_of_a_family_are_not_suggested_together() {
        let mut table = table();
        table.offers.iter_mut().for_each(|offer| offer.family = Some("one".to_owned()));
        table.suggest(4, &[CompetencyId::new("faults"), CompetencyId::new("data")]);
        assert_eq!(asked(&table), ["raft.000"]);
    }
}
