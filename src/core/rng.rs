//! The only source of randomness: one named generator and one shuffle. A seed gives
//! the same form on every machine and in every later version.

use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};

/// A stream of random numbers for one purpose.
///
/// The key of the `ChaCha20` generator is BLAKE3 of the seed (8 bytes, little
/// endian) followed by the purpose, so streams of different purposes are
/// independent and adding one leaves the others as they were.
pub struct Stream(ChaCha20Rng);

impl Stream {
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mut key = blake3::Hasher::new();
        key.update(&seed.to_le_bytes());
        key.update(purpose.as_bytes());
        Self(ChaCha20Rng::from_seed(*key.finalize().as_bytes()))
    }

    fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Returns a uniformly distributed number in `0..n`, or 0 if `n` is 0.
    ///
    /// Uses multiply and reject (Lemire, Fast Random Integer Generation in an Interval, 2019).
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let unfair = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.word()) * u128::from(n);
            if wide as u64 >= unfair {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Shuffles in place (Fisher-Yates, from the last element down).
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for i in (1..things.len()).rev() {
            things.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shuffle_is_frozen() {
        let mut things: Vec<u8> = (0..10).collect();
        Stream::new(7, "options q1").shuffle(&mut things);
        assert_eq!(things, [5, 0, 7, 9, 6, 2, 3, 8, 1, 4]);
    }

    #[test]
    fn every_order_of_three_is_equally_likely() {
        let mut counts = std::collections::HashMap::new();
        let mut stream = Stream::new(1, "test");
        for _ in 0..6000 {
            let mut things = [0, 1, 2];
            stream.shuffle(&mut things);
            *counts.entry(things).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(
            counts.values().all(|n| (850..1150).contains(n)),
            "{counts:?}"
        );
    }

    #[test]
    fn below_stays_below() {
        let mut stream = Stream::new(3, "below");
        assert!((1..200).all(|n| stream.below(n) < n));
        assert_eq!(stream.below(0), 0);
    }
}
