//! The simulated world: candidates with their own abilities and question banks.

use std::f64::consts::TAU;

use aethos::core::measure::{Curve, Parameters};
use aethos::core::question::Level;
use aethos::core::rng::Stream;

pub const COMPETENCIES: usize = 8;
/// The number of questions per level in a competency.
const PER_LEVEL: usize = 8;
/// The chance levels of the question types, with the number of questions per competency that have them.
const TYPES: [(f64, usize); 3] = [(0.25, 28), (0.05, 6), (0.02, 6)];
/// The standard deviation of abilities, in logits.
const SIGMA: f64 = 1.2;

#[derive(Clone, Copy)]
pub struct World {
    /// The standard deviation of difficulties around the author's level, in logits.
    pub noise: f64,
    /// The correlation between competencies.
    pub rho: f64,
    /// True if all questions have the chance level 0.25.
    pub guessable: bool,
}

pub const BASE: World = World {
    noise: 0.7,
    rho: 0.6,
    guessable: false,
};

pub struct Question {
    pub competency: usize,
    /// The properties known to the estimator: level and type.
    pub parameters: Parameters,
    truth: Truth,
}

impl Question {
    /// Returns the expected score. A candidate with an infinite ability either answers at random, which earns the
    /// chance level
    /// of the type, or knows everything and only slips.
    fn expected(&self, ability: f64) -> f64 {
        match ability {
            f64::NEG_INFINITY => self.parameters.c,
            f64::INFINITY => 1.0 - self.parameters.slip,
            theta => self.truth.probability(theta),
        }
    }
}

/// The true parameters of a question: the logistic model with four parameters.
struct Truth {
    a: f64,
    b: f64,
    c: f64,
    upper: f64,
}

pub struct Candidate {
    pub questions: Vec<Question>,
    /// The abilities, in logits.
    pub abilities: [f64; COMPETENCIES],
    /// The expected share of the bank answered correctly.
    pub truth: [f64; COMPETENCIES],
}

impl Candidate {
    /// Draws the candidate with this number; worlds share everything that their settings don't change.
    pub fn draw(world: &World, number: u64) -> Self {
        let mut rng = Stream::new(number, "candidate");
        let general = normal(&mut rng);
        let abilities = [(); COMPETENCIES].map(|()| {
            SIGMA * (world.rho.sqrt() * general + (1.0 - world.rho).sqrt() * normal(&mut rng))
        });
        Self::with(abilities, world, &mut rng)
    }

    /// Draws a bank for a candidate with these abilities.
    pub fn with(abilities: [f64; COMPETENCIES], world: &World, rng: &mut Stream) -> Self {
        let questions: Vec<_> = (0..COMPETENCIES)
            .flat_map(|k| bank(k, world, rng))
            .collect();
        let truth = std::array::from_fn(|k| {
            let of: Vec<_> = questions
                .iter()
                .filter(|question| question.competency == k)
                .collect();
            of.iter()
                .map(|question| question.expected(abilities[k]))
                .sum::<f64>()
                / of.len() as f64
        });
        Self {
            questions,
            abilities,
            truth,
        }
    }

    /// Returns the score of an answer to the question with this index: 1 or 0.
    pub fn answer(&self, index: usize, rng: &mut Stream) -> f64 {
        let question = &self.questions[index];
        f64::from(uniform(rng) < question.expected(self.abilities[question.competency]))
    }

    /// Returns the curves of the bank as the estimator knows it.
    pub fn curves(&self) -> Vec<Curve> {
        let of = |k| {
            self.questions
                .iter()
                .filter(move |question| question.competency == k)
        };
        (0..COMPETENCIES)
            .map(|k| {
                Curve::of(
                    &of(k)
                        .map(|question| (question.parameters, 1))
                        .collect::<Vec<_>>(),
                )
            })
            .collect()
    }
}

fn bank(competency: usize, world: &World, rng: &mut Stream) -> Vec<Question> {
    let mut chances: Vec<_> = TYPES
        .iter()
        .flat_map(|(chance, count)| vec![*chance; *count])
        .collect();
    if world.guessable {
        chances.fill(TYPES[0].0);
    }
    rng.shuffle(&mut chances);
    let levels = Level::ALL.iter().flat_map(|level| [*level; PER_LEVEL]);
    let question = |(level, chance)| {
        let parameters = Parameters::of(level, chance);
        let truth = Truth::draw(&parameters, world, rng);
        Question {
            competency,
            parameters,
            truth,
        }
    };
    levels.zip(chances).map(question).collect()
}

impl Truth {
    fn draw(parameters: &Parameters, world: &World, rng: &mut Stream) -> Self {
        let (of_ln_a, of_c) = (
            0.25_f64,
            if parameters.c == TYPES[0].0 {
                0.05
            } else {
                0.01
            },
        );
        Self {
            a: (of_ln_a * normal(rng) - of_ln_a.powi(2) / 2.0).exp(),
            b: parameters.b + world.noise * normal(rng),
            c: (parameters.c + of_c * normal(rng)).clamp(0.0, 0.45),
            upper: 1.0 - 0.06 * uniform(rng),
        }
    }

    fn probability(&self, theta: f64) -> f64 {
        self.c + (self.upper - self.c) / (1.0 + (-self.a * (theta - self.b)).exp())
    }
}

/// Returns the number of the band that contains `value`.
pub fn band(value: f64, cuts: [f64; 2]) -> usize {
    cuts.iter().filter(|cut| value >= **cut).count()
}

/// Draws a number in [0, 1).
fn uniform(rng: &mut Stream) -> f64 {
    rng.below(1 << 53) as f64 / (1u64 << 53) as f64
}

/// Draws a standard normal number (Box and Muller, A Note on the Generation of Random Normal Deviates, 1958).
fn normal(rng: &mut Stream) -> f64 {
    (-2.0 * (1.0 - uniform(rng)).ln()).sqrt() * (TAU * uniform(rng)).cos()
}
