//! The lock service and the store: which lease is granted when, and which write is accepted.

use std::collections::BTreeMap;

pub const CLIENTS: [&str; 3] = ["A", "B", "C"];
pub const WRITES: [&str; 6] = ["P", "Q", "R", "S", "T", "U"];

#[derive(Clone, Debug)]
pub struct Call {
    pub at: i64,
    pub client: usize,
    pub renewal: bool,
}

#[derive(Clone, Debug)]
pub struct Write {
    pub name: &'static str,
    pub client: usize,
    pub looked: i64,
    pub sent: i64,
    pub arrives: i64,
}

#[derive(Clone, Debug)]
/// The calls to the lock service and the writes, in any order.
pub struct Scene {
    pub duration: i64,
    pub first_token: i64,
    pub calls: Vec<Call>,
    pub writes: Vec<Write>,
}

/// A lease with the times at which its end was set, and the ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    pub client: usize,
    pub token: i64,
    pub ends: Vec<(i64, i64)>,
}

impl Grant {
    pub fn from(&self) -> i64 {
        self.ends[0].0
    }

    pub fn to(&self) -> i64 {
        self.ends[self.ends.len() - 1].1
    }
}

/// The lock service while it handles calls in the order of their times.
#[derive(Default)]
pub struct Service {
    pub grants: Vec<Grant>,
    pub queue: Vec<usize>,
}

impl Service {
    pub fn grant(&mut self, client: usize, at: i64, scene: &Scene) {
        let token = scene.first_token + self.grants.len() as i64;
        let ends = vec![(at, at + scene.duration)];
        self.grants.push(Grant {
            client,
            token,
            ends,
        });
    }

    /// Serves the queue until `now`.
    pub fn advance(&mut self, now: i64, scene: &Scene) {
        while !self.queue.is_empty() && self.grants.last().is_some_and(|g| g.to() <= now) {
            let at = self.grants[self.grants.len() - 1].to();
            let client = self.queue.remove(0);
            self.grant(client, at, scene);
        }
    }

    pub fn holder(&self, now: i64) -> Option<usize> {
        self.grants
            .last()
            .filter(|g| now < g.to())
            .map(|g| g.client)
    }

    pub fn call(&mut self, call: &Call, scene: &Scene) {
        self.advance(call.at, scene);
        match (call.renewal, self.holder(call.at)) {
            (true, Some(_)) => {
                let end = (call.at, call.at + scene.duration);
                self.grants
                    .last_mut()
                    .into_iter()
                    .for_each(|g| g.ends.push(end));
            }
            (true, None) => {}
            (false, Some(_)) => self.queue.push(call.client),
            (false, None) => self.grant(call.client, call.at, scene),
        }
    }
}

pub fn grants(scene: &Scene) -> Vec<Grant> {
    let mut service = Service::default();
    scene
        .calls
        .iter()
        .for_each(|call| service.call(call, scene));
    service.advance(i64::MAX / 2, scene);
    service.grants
}

/// Returns the newest grant that the client of `write` had when it sent it.
pub fn grant_of<'a>(write: &Write, grants: &'a [Grant]) -> Option<&'a Grant> {
    grants
        .iter()
        .rfind(|g| g.client == write.client && g.from() < write.sent)
}

/// What happens to a write when it arrives.
pub struct Arrival {
    pub token: i64,
    /// The highest token that the store has accepted before.
    pub highest: Option<i64>,
    pub accepted: bool,
    /// The newest token that was granted before the arrival.
    pub newest: i64,
    /// The end of the lease under which it was sent.
    pub end: i64,
}

/// Returns the arrivals in the order of `writes`; `None` if a client writes before its first lease.
pub fn arrivals(scene: &Scene, grants: &[Grant], check: bool) -> Option<Vec<Arrival>> {
    let mut order: Vec<usize> = (0..scene.writes.len()).collect();
    order.sort_by_key(|&i| scene.writes[i].arrives);
    let mut highest: Option<i64> = None;
    let mut arrivals = BTreeMap::new();
    for i in order {
        let write = &scene.writes[i];
        let grant = grant_of(write, grants)?;
        let accepted = !check || highest.is_none_or(|h| grant.token >= h);
        let newest = grants.iter().rfind(|g| g.from() < write.arrives)?.token;
        let (token, end) = (grant.token, grant.to());
        arrivals.insert(
            i,
            Arrival {
                token,
                highest,
                accepted,
                newest,
                end,
            },
        );
        if accepted {
            highest = highest.max(Some(token));
        }
    }
    Some(arrivals.into_values().collect())
}
