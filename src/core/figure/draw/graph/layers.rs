//! The layer of each node, its place in the layer, and the boxes on the grid.

use unicode_width::UnicodeWidthStr;

use super::{Flow, Frame, Link, box_width};
use crate::core::figure::Node;

/// The distances of a layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    pub flow: Flow,
    /// The fewest cells between two layers.
    channel: usize,
    /// Edge labels fit between the layers.
    is_labelled: bool,
    /// The cells on both sides of a label in its box.
    margin: usize,
    /// The fewest cells between two boxes of a layer.
    gap: usize,
}

impl Spacing {
    /// The layouts from the most readable one: those that run to the right in boxes with a margin, those without rows
    /// between the boxes, those for narrow screens, and those that run down.
    pub const ALL: [Self; 11] = [
        Self::right(6, true),
        Self::right(4, true),
        Self::right(3, true),
        Self::right(3, false),
        Self::right(4, true).stacked(),
        Self::right(3, false).stacked(),
        Self::right(4, true).narrow(),
        Self::right(2, false).narrow(),
        Self::down(1),
        Self::down(2),
        Self::down(5),
    ];

    const fn right(channel: usize, is_labelled: bool) -> Self {
        Self {
            flow: Flow::Right,
            channel,
            is_labelled,
            margin: 1,
            gap: 1,
        }
    }

    const fn down(channel: usize) -> Self {
        Self {
            flow: Flow::Down,
            channel,
            is_labelled: true,
            margin: 1,
            gap: 3,
        }
    }

    const fn stacked(self) -> Self {
        Self { gap: 0, ..self }
    }

    const fn narrow(self) -> Self {
        Self { margin: 0, ..self }
    }

    /// Returns true if there are no rows between the boxes.
    pub fn is_flat(self) -> bool {
        self.gap == 0
    }

    /// Returns true if there is space around the boxes and their labels.
    pub fn is_roomy(self) -> bool {
        self.margin > 0 && self.gap > 0
    }
}

pub struct Layers {
    /// The layer of each node.
    of: Vec<usize>,
    /// The nodes of each layer in order.
    members: Vec<Vec<usize>>,
    /// The group of each node, numbered in the order of the bands; `None` for nodes outside all groups.
    bands: Vec<Option<usize>>,
}

impl Layers {
    pub fn of(nodes: &[&Node], links: &[Link]) -> Self {
        let of = ranks(nodes, links);
        let count = of.iter().max().map_or(0, |last| last + 1);
        let mut groups: Vec<String> = Vec::new();
        let mut bands = Vec::new();
        for node in nodes {
            let group = node.group.as_ref().map(|group| group.line());
            bands.push(group.map(|group| {
                groups
                    .iter()
                    .position(|other| *other == group)
                    .unwrap_or_else(|| {
                        groups.push(group);
                        groups.len() - 1
                    })
            }));
        }
        let mut members = vec![Vec::new(); count];
        for (n, layer) in of.iter().enumerate() {
            members[*layer].push(n);
        }
        let mut layers = Self { of, members, bands };
        for sweep in 0..4usize {
            layers.sort(links, sweep.is_multiple_of(2));
        }
        layers
    }

    /// Sorts each layer by the mean place of the neighbours in the layers before it, or after it.
    fn sort(&mut self, links: &[Link], is_forward: bool) {
        let order: Vec<usize> = if is_forward {
            (0..self.members.len()).collect()
        } else {
            (0..self.members.len()).rev().collect()
        };
        for layer in order {
            let place: Vec<f64> = self.relative_places();
            let key = |n: &usize| {
                let neighbours = links.iter().filter_map(|link| {
                    let other = match *n {
                        n if n == link.from => link.to,
                        n if n == link.to => link.from,
                        _ => return None,
                    };
                    let is_before = self.of[other] < layer;
                    (self.of[other] != layer && is_before == is_forward).then_some(place[other])
                });
                let (sum, count) = neighbours.fold((0.0, 0), |(sum, n), at| (sum + at, n + 1));
                if count == 0 {
                    place[*n]
                } else {
                    sum / f64::from(count)
                }
            };
            let mut keyed: Vec<(Option<usize>, f64, usize)> = self.members[layer]
                .iter()
                .map(|n| (self.bands[*n], key(n), *n))
                .collect();
            keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            self.members[layer] = keyed.into_iter().map(|(.., n)| n).collect();
        }
    }

    /// Returns the place of each node in its layer, from 0 to 1.
    fn relative_places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.of.len()];
        for members in &self.members {
            for (place, n) in members.iter().enumerate() {
                places[*n] = (place as f64 + 0.5) / members.len() as f64;
            }
        }
        places
    }

    /// Returns the box of each node.
    pub fn place(&self, nodes: &[&Node], links: &[Link], spacing: Spacing) -> Vec<Frame> {
        let is_right = spacing.flow == Flow::Right;
        let widths: Vec<usize> = self.widths(nodes, spacing);
        let along: Vec<usize> = if is_right {
            vec![3; nodes.len()]
        } else {
            widths.clone()
        };
        let across = self.across(links, &along, spacing);
        let mut frames = vec![Frame::default(); nodes.len()];
        let mut at = 0;
        for (layer, members) in self.members.iter().enumerate() {
            let size = members
                .iter()
                .map(|n| if is_right { widths[*n] } else { 3 })
                .max()
                .unwrap_or(0);
            for n in members {
                frames[*n] = Frame {
                    x: if is_right { at } else { across[*n] },
                    y: if is_right { across[*n] } else { at },
                    width: widths[*n],
                    height: 3,
                };
            }
            at += size + self.channel(layer, links, spacing, (&across, &along));
        }
        frames
    }

    /// Returns the width of each box; the boxes of a layer are equally wide where they are in one column.
    fn widths(&self, nodes: &[&Node], spacing: Spacing) -> Vec<usize> {
        let width = |node: &&Node| box_width(node) + 2 * spacing.margin;
        let mut widths: Vec<usize> = nodes.iter().map(width).collect();
        if spacing.flow == Flow::Right {
            for members in &self.members {
                let widest = members.iter().map(|n| widths[*n]).max().unwrap_or(0);
                members.iter().for_each(|n| widths[*n] = widest);
            }
        }
        widths
    }

    /// Returns the cells between a layer and the next: enough for its edges, and for their labels if wanted.
    fn channel(
        &self,
        layer: usize,
        links: &[Link],
        spacing: Spacing,
        (across, sizes): (&[usize], &[usize]),
    ) -> usize {
        let crosses = |link: &&Link| {
            let (a, b) = (self.of[link.from], self.of[link.to]);
            a.min(b) <= layer && layer < a.max(b)
        };
        // A straight line leaves a box anywhere between its corners, and reaches the middle of the other one.
        let bends = |link: &&Link| {
            let (from, middle) = (link.from, across[link.to] + sizes[link.to] / 2);
            !(across[from] + 1..across[from] + sizes[from] - 1).contains(&middle)
        };
        let bends = links.iter().filter(crosses).filter(bends).count();
        let lines = bends.min(4).saturating_sub(1);
        let label = links
            .iter()
            .filter(crosses)
            .filter_map(|link| link.edge.label.as_ref());
        let label = label.map(|label| label.line().width()).max().unwrap_or(0);
        let (side, lines, label) = match spacing.flow {
            Flow::Right if spacing.is_labelled && label > 0 => (2, lines, label + 5),
            Flow::Right => (2, lines, 0),
            // A line that bends needs a row for that, and a label a row beside its line.
            Flow::Down => (
                1,
                usize::from(bends > 0) + lines / 2,
                usize::from(label > 0) * 2,
            ),
        };
        (spacing.channel + lines).max(label) + side * self.frame_sides(layer)
    }

    /// Returns how many sides of frames are between a layer and the next.
    fn frame_sides(&self, layer: usize) -> usize {
        let spans = || self.groups().filter_map(|band| self.span(band));
        let ends = spans().any(|(_, last)| last == layer);
        let begins = spans().any(|(first, _)| first == layer + 1);
        usize::from(ends) + usize::from(begins)
    }

    fn groups(&self) -> std::ops::Range<usize> {
        0..self.bands.iter().flatten().max().map_or(0, |last| last + 1)
    }

    /// Returns the first and the last layer of a group.
    fn span(&self, band: usize) -> Option<(usize, usize)> {
        let members = || {
            (0..self.of.len())
                .filter(|n| self.bands[*n] == Some(band))
                .map(|n| self.of[n])
        };
        members().min().zip(members().max())
    }

    /// Returns where each box begins within its layer: near its neighbours, and in the band of its group.
    fn across(&self, links: &[Link], sizes: &[usize], spacing: Spacing) -> Vec<usize> {
        let gap = spacing.gap;
        let mut centres = vec![0.0; self.of.len()];
        let count = self.groups().end;
        // Bands have room for their frames.
        let frame = if spacing.flow == Flow::Right { 3 } else { 6 };
        let mut start = 0.0;
        let mut is_fixed = vec![false; self.of.len()];
        for band in 0..=count {
            let in_band = |n: &&usize| match self.bands[**n] {
                Some(own) => own == band,
                None => band == count && count > 0 && self.is_beside_group(**n),
            };
            let length = |members: &Vec<usize>| {
                let sizes: Vec<usize> = members.iter().filter(in_band).map(|n| sizes[*n]).collect();
                sizes.iter().sum::<usize>() + gap * sizes.len().saturating_sub(1)
            };
            let longest = self.members.iter().map(length).max().unwrap_or(0);
            for members in &self.members {
                let mut at = start + (longest - length(members)) as f64 / 2.0;
                for n in members.iter().filter(in_band) {
                    centres[*n] = at + sizes[*n] as f64 / 2.0;
                    is_fixed[*n] = true;
                    at += (sizes[*n] + gap) as f64;
                }
            }
            if longest > 0 {
                start += (longest + frame) as f64;
            }
        }
        for members in &self.members {
            let mut at = 0.0;
            for n in members.iter().filter(|n| !is_fixed[**n]) {
                centres[*n] = at + sizes[*n] as f64 / 2.0;
                at += (sizes[*n] + gap) as f64;
            }
        }
        for sweep in 0..5 {
            self.pull(links, sizes, gap, &is_fixed, sweep, &mut centres);
        }
        let begin = |n: usize| centres[n] - sizes[n] as f64 / 2.0;
        let first = (0..centres.len()).map(begin).fold(f64::INFINITY, f64::min);
        (0..centres.len())
            .map(|n| (begin(n) - first).round() as usize)
            .collect()
    }

    fn is_beside_group(&self, n: usize) -> bool {
        let mut spans = self.groups().filter_map(|band| self.span(band));
        spans.any(|(first, last)| (first..=last).contains(&self.of[n]))
    }

    /// Moves the boxes of each layer towards the middle of their neighbours, without changing their order.
    fn pull(
        &self,
        links: &[Link],
        sizes: &[usize],
        gap: usize,
        is_fixed: &[bool],
        sweep: usize,
        centres: &mut [f64],
    ) {
        let count = self.members.len();
        let order: Vec<usize> = if sweep.is_multiple_of(2) {
            (0..count).collect()
        } else {
            (0..count).rev().collect()
        };
        for layer in order {
            let free: Vec<usize> = self.members[layer]
                .iter()
                .copied()
                .filter(|n| !is_fixed[*n])
                .collect();
            let wanted = |n: usize| {
                let neighbours: Vec<f64> = links
                    .iter()
                    .filter(|link| self.of[link.from].abs_diff(self.of[link.to]) == 1)
                    .filter_map(|link| match n {
                        n if n == link.from => Some(centres[link.to]),
                        n if n == link.to => Some(centres[link.from]),
                        _ => None,
                    })
                    .collect();
                let sum: f64 = neighbours.iter().sum();
                if neighbours.is_empty() {
                    centres[n]
                } else {
                    sum / neighbours.len() as f64
                }
            };
            // Boxes that would overlap move as a block to the mean of their wishes.
            let mut offset = 0.0;
            let mut blocks: Vec<(f64, usize)> = Vec::new();
            let mut offsets = Vec::new();
            for (place, n) in free.iter().enumerate() {
                if place > 0 {
                    offset += (sizes[free[place - 1]] + sizes[*n]) as f64 / 2.0 + gap as f64;
                }
                offsets.push(offset);
                blocks.push((wanted(*n) - offset, 1));
                while let [.., (before, a), (after, b)] = blocks[..]
                    && before > after
                {
                    blocks.truncate(blocks.len() - 2);
                    let mean = (before * a as f64 + after * b as f64) / (a + b) as f64;
                    blocks.push((mean, a + b));
                }
            }
            let places = blocks
                .iter()
                .flat_map(|(at, count)| std::iter::repeat_n(*at, *count));
            for ((n, offset), at) in free.iter().zip(offsets).zip(places) {
                centres[*n] = at + offset;
            }
        }
    }
}

/// Returns the layer of each node: its pin, or the longest path to it without the edges that close a circle.
fn ranks(nodes: &[&Node], links: &[Link]) -> Vec<usize> {
    let count = nodes.len();
    let pin = |n: usize| nodes[n].rank.map(|rank| rank.min(count));
    let mut state = vec![0u8; count];
    let mut order = Vec::new();
    let mut is_back = vec![false; links.len()];
    for root in 0..count {
        let mut open = vec![(root, 0)];
        if state[root] != 0 {
            continue;
        }
        state[root] = 1;
        while let Some((n, next)) = open.pop() {
            let Some(link) = (next..links.len()).find(|link| links[*link].from == n) else {
                state[n] = 2;
                order.push(n);
                continue;
            };
            open.push((n, link + 1));
            let to = links[link].to;
            match state[to] {
                0 => {
                    state[to] = 1;
                    open.push((to, 0));
                }
                1 => is_back[link] = true,
                _ => {}
            }
        }
    }
    let mut ranks: Vec<usize> = (0..count).map(|n| pin(n).unwrap_or(0)).collect();
    for n in order.into_iter().rev() {
        for (link, _) in links
            .iter()
            .zip(&is_back)
            .filter(|(link, is_back)| link.from == n && !**is_back)
        {
            if pin(link.to).is_none() {
                ranks[link.to] = ranks[link.to].max(ranks[n] + 1);
            }
        }
    }
    let mut used: Vec<usize> = ranks.clone();
    used.sort_unstable();
    used.dedup();
    ranks
        .iter()
        .map(|rank| used.partition_point(|other| other < rank))
        .collect()
}
