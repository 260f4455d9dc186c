//! A map of our own: units as points by how far they have come, areas as the outlines of their units. Nothing is
//! fetched for it, so that nobody learns where somebody looks.

use super::hull::{Point, hull};
use crate::app::Ui;
use crate::app::components::desk::link;
use crate::app::components::marks;
use crate::app::i18n::{Text, coverage as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::dom;
use crate::reactive::*;
use mingcha_core::view::{Covered, UnitCoverage};
use mingcha_core::words;

/// The width of the drawing; its height follows.
const WIDTH: f64 = 1_000.0;
/// Units in sight that are all named; more names would lie on each other.
const NAMED_AT_MOST: usize = 12;
/// What is left free at the edges.
const MARGIN: f64 = 40.0;
const MAX_ZOOM: f64 = 32.0;

/// A unit on the map.
#[derive(Clone, PartialEq)]
struct Spot {
    at: Point,
    unit: UnitCoverage,
    label: String,
}

/// What part of the map is shown: its middle and how much it is enlarged.
#[derive(Clone, Copy, PartialEq)]
struct Part {
    middle: Point,
    zoom: f64,
}

#[derive(Clone, Copy)]
struct Map {
    ui: Ui,
    spots: StoredValue<Vec<Spot>>,
    height: f64,
    part: RwSignal<Part>,
    /// The unit that is pointed at.
    current: RwSignal<Option<usize>>,
    name: StoredValue<String>,
}

/// The map with its legend and its buttons.
pub fn map(ui: Ui, units: &[UnitCoverage]) -> AnyView {
    let (places, height) = project(units);
    let spots: Vec<Spot> = units
        .iter()
        .zip(places)
        .filter_map(|(unit, at)| Some(Spot { at: at?, unit: unit.clone(), label: label(ui, unit) }))
        .collect();
    let outlines = outlines(&spots);
    let map = Map {
        ui,
        height,
        part: RwSignal::new(Part { middle: (WIDTH / 2.0, height / 2.0), zoom: 1.0 }),
        current: RwSignal::new(None),
        name: StoredValue::new(dom::fresh_id()),
        spots: StoredValue::new(spots),
    };
    let view_box = move || {
        let Part { middle, zoom } = map.part.get();
        let (width, height) = (WIDTH / zoom, map.height / zoom);
        format!("{:.2} {:.2} {width:.2} {height:.2}", middle.0 - width / 2.0, middle.1 - height / 2.0)
    };
    let count = map.spots.with_value(Vec::len);
    let points: Vec<AnyView> = (0..count).map(|at| map.point(at)).collect();
    view! {
        <div class="map">
            <div class="row">
                {map.button(w::ZOOM_IN, "+", move || map.enlarge(2.0))}
                {map.button(w::ZOOM_OUT, "−", move || map.enlarge(0.5))}
                {map.button(w::WHOLE, "⤢", move || map.whole())}
                {map.button(w::WEST, "←", move || map.shift(-0.25, 0.0))}
                {map.button(w::NORTH, "↑", move || map.shift(0.0, -0.25))}
                {map.button(w::SOUTH, "↓", move || map.shift(0.0, 0.25))}
                {map.button(w::EAST, "→", move || map.shift(0.25, 0.0))}
                {legend(ui)}
            </div>
            <svg viewBox=view_box role="group" aria-label=ui.t(w::MAP) on:keydown=move |event| map.key(&event)>
                <g aria-hidden="true">{outlines}</g>
                {points}
                {map.names()}
            </svg>
            {map.pointed_at()}
            <p class="hint">{ui.t(w::MAP_HELP)}</p>
        </div>
    }
    .show()
}

/// A unit's name beside it, on the side where there is more room.
fn name(spot: &Spot, middle: Point, zoom: f64) -> AnyView {
    let (x, y) = spot.at;
    let is_right = x > middle.0;
    let place = format!("translate({x:.2} {y:.2}) scale({:.4})", 1.0 / zoom);
    view! {
        <text
            class="spot-name"
            aria-hidden="true"
            transform=place
            x=if is_right { "-14" } else { "14" }
            y="5"
            text-anchor=if is_right { "end" } else { "start" }
        >
            {spot.unit.unit.name.clone()}
        </text>
    }
    .show()
}

/// Where each unit lies in the drawing, and the drawing's height. A city is small enough for the earth to be flat.
fn project(units: &[UnitCoverage]) -> (Vec<Option<Point>>, f64) {
    let places: Vec<Option<Point>> = units
        .iter()
        .map(|one| one.unit.place.map(|place| (f64::from(place.longitude), -f64::from(place.latitude))))
        .collect();
    let known = || places.iter().flatten();
    let (west, east) = known().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at.0), high.max(at.0)));
    let (north, south) =
        known().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at.1), high.max(at.1)));
    // A degree of longitude is shorter the further north.
    let narrow = ((north + south) / 2.0 / 1e6).to_radians().cos().max(0.1);
    let (across, down) = ((east - west) * narrow, south - north);
    let inner = WIDTH - 2.0 * MARGIN;
    let height = (inner * down / across.max(1.0)).clamp(300.0, 640.0);
    let scale = (inner / across.max(1.0)).min((height - 2.0 * MARGIN) / down.max(1.0)).min(1.0);
    let place = |at: Point| {
        let x = WIDTH / 2.0 + (at.0 - (west + east) / 2.0) * narrow * scale;
        let y = height / 2.0 + (at.1 - (north + south) / 2.0) * scale;
        (x, y)
    };
    (places.iter().map(|at| at.map(place)).collect(), height)
}

fn label(ui: Ui, one: &UnitCoverage) -> String {
    let mut parts = vec![marks::unit_name(ui, Some(&one.unit))];
    parts.extend(one.unit.path.last().cloned());
    parts.push(words::covered(one.covered, ui.language).to_owned());
    if one.findings > 0 {
        parts.push(w::findings(ui.language, one.findings));
    }
    parts.join(" · ")
}

/// The outlines of areas with their names.
fn outlines(spots: &[Spot]) -> Vec<AnyView> {
    let mut areas: Vec<(&str, Vec<Point>)> = Vec::new();
    for spot in spots {
        let Some(area) = spot.unit.unit.path.last() else { continue };
        match areas.iter_mut().find(|(name, _)| name == area) {
            Some((_, points)) => points.push(spot.at),
            None => areas.push((area, vec![spot.at])),
        }
    }
    areas
        .into_iter()
        .map(|(name, points)| {
            let corners: Vec<String> = hull(&points).iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let (x, y) = points
                .iter()
                .fold((0.0, f64::MAX), |(x, y), at| (x + at.0 / points.len() as f64, y.min(at.1)));
            let above = format!("translate({x:.1} {:.1})", y - 18.0);
            view! {
                <polygon class="outline" points=corners.join(" ")></polygon>
                <text class="area-name" text-anchor="middle" transform=above>{name}</text>
            }
            .show()
        })
        .collect()
}

/// The shape says how far a unit has come, the colour says it again.
fn shape(unit: &UnitCoverage) -> (&'static str, &'static str) {
    match unit.covered {
        Covered::Waiting => ("spot waiting", "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"),
        Covered::Begun => ("spot begun", "M0 -7L7 6H-7z"),
        Covered::Visited if unit.findings > 0 => ("spot found", "M0 -8L8 0L0 8L-8 0z"),
        Covered::Visited => ("spot visited", "M-6 -6h12v12h-12z"),
    }
}

fn legend(ui: Ui) -> AnyView {
    let sample = |covered, findings| UnitCoverage {
        unit: Default::default(),
        team: mingcha_core::ids::SpaceId([0; 16]),
        covered,
        visits: Vec::new(),
        findings,
    };
    let kinds: [(UnitCoverage, Text); 4] = [
        (sample(Covered::Waiting, 0), w::WAITING),
        (sample(Covered::Begun, 0), w::BEGUN),
        (sample(Covered::Visited, 0), w::VISITED),
        (sample(Covered::Visited, 1), w::FOUND),
    ];
    let items: Vec<AnyView> = kinds
        .into_iter()
        .map(|(unit, word)| {
            let (class, path) = shape(&unit);
            view! {
                <li>
                    <svg viewBox="-10 -10 20 20" aria-hidden="true"><path class=class d=path></path></svg>
                    {ui.t(word)}
                </li>
            }
            .show()
        })
        .collect();
    view! {
        <ul class="legend" aria-label=ui.t(w::LEGEND)>
            {items}
            <li>
                <svg viewBox="-10 -10 20 20" aria-hidden="true">
                    <polygon class="outline" points="-8,6 -4,-7 7,-5 8,5"></polygon>
                </svg>
                {ui.t(w::OUTLINE)}
            </li>
        </ul>
    }
    .show()
}

impl Map {
    fn button(self, word: Text, sign: &'static str, act: impl Fn() + 'static) -> AnyView {
        let word = self.ui.t(word);
        view! { <button type="button" aria-label=word title=word on:click=move |_| act()>{sign}</button> }
            .show()
    }

    fn anchor(self, at: usize) -> String {
        self.name.with_value(|name| format!("{name}-{at}"))
    }

    fn point(self, at: usize) -> AnyView {
        let Some(spot) = self.spots.with_value(|spots| spots.get(at).cloned()) else {
            return AnyView::default();
        };
        let (class, path) = shape(&spot.unit);
        let (x, y) = spot.at;
        let place = move || format!("translate({x:.2} {y:.2}) scale({:.4})", 1.0 / self.part.get().zoom);
        // One stop for the tabulator; from there the arrow keys lead on.
        let stop = move || if self.current.get().unwrap_or_default() == at { "0" } else { "-1" };
        let point = move || {
            if self.current.get_untracked() != Some(at) {
                self.current.set(Some(at));
            }
        };
        let visit = spot.unit.visits.last().copied();
        let open = move |_| match visit {
            Some(visit) if self.current.get_untracked() == Some(at) && dom::is_wide() => {
                self.ui.go(Route::Visit(visit));
            }
            _ => point(),
        };
        view! {
            <g
                id=self.anchor(at)
                class="unit-spot"
                role="button"
                tabindex=stop
                aria-label=spot.label
                transform=place
                on:focus=move |_| point()
                on:pointerenter=move |_| point()
                on:click=open
            >
                <circle class="reach" r="12"></circle>
                <path class=class d=path></path>
            </g>
        }
        .show()
    }

    /// The names beside the units in sight when these are few, else beside the one that is pointed at.
    fn names(self) -> AnyView {
        let shown = move || {
            let current = self.current.get();
            let Part { middle, zoom } = self.part.get();
            let (half_width, half_height) = (WIDTH / zoom / 2.0, self.height / zoom / 2.0);
            self.spots.with_value(|spots| {
                let is_in_sight = |at: Point| {
                    (at.0 - middle.0).abs() <= half_width && (at.1 - middle.1).abs() <= half_height
                };
                let in_sight = || spots.iter().enumerate().filter(|(_, spot)| is_in_sight(spot.at));
                let are_few = in_sight().take(NAMED_AT_MOST + 1).count() <= NAMED_AT_MOST;
                in_sight()
                    .filter(|(at, _)| are_few || Some(*at) == current)
                    .map(|(_, spot)| name(spot, middle, zoom))
                    .collect::<Vec<AnyView>>()
            })
        };
        shown.show()
    }

    /// What is known of the unit that is pointed at.
    fn pointed_at(self) -> AnyView {
        let words = move || {
            let at = self.current.get()?;
            self.spots.with_value(|spots| {
                let spot = spots.get(at)?;
                let visit = spot.unit.visits.last();
                let read = visit
                    .map(|visit| link(self.ui, Route::Visit(*visit), "", self.ui.t(w::OPEN_VISIT).show()));
                Some(view! { <span>{spot.label.clone()}</span>" "{read} })
            })
        };
        view! { <p class="pointed-at" role="status" aria-live="polite">{words}</p> }.show()
    }

    fn key(self, event: &web_sys::KeyboardEvent) {
        let (x, y) = match event.key().as_str() {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, -1.0),
            "ArrowDown" => (0.0, 1.0),
            "+" | "=" => return self.enlarge(2.0),
            "-" => return self.enlarge(0.5),
            "Enter" | " " => {
                event.prevent_default();
                let visit = self
                    .current
                    .get_untracked()
                    .and_then(|at| self.spots.with_value(|spots| spots.get(at)?.unit.visits.last().copied()));
                if let Some(visit) = visit {
                    self.ui.go(Route::Visit(visit));
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let from = self.current.get_untracked().unwrap_or_default();
        let next = self.spots.with_value(|spots| next(spots, from, (x, y)));
        if let Some(next) = next {
            self.current.set(Some(next));
            self.reveal(next);
            dom::focus_drawn(&self.anchor(next));
        }
    }

    /// Brings a unit into the part that is shown.
    fn reveal(self, at: usize) {
        let Some((x, y)) = self.spots.with_value(|spots| spots.get(at).map(|spot| spot.at)) else { return };
        let Part { middle, zoom } = self.part.get_untracked();
        let is_out =
            (x - middle.0).abs() > WIDTH / zoom * 0.45 || (y - middle.1).abs() > self.height / zoom * 0.45;
        if is_out {
            self.part.set(Part { middle: (x, y), zoom });
        }
    }

    fn enlarge(self, by: f64) {
        let current = self.current.get_untracked();
        let at = current.and_then(|at| self.spots.with_value(|spots| spots.get(at).map(|spot| spot.at)));
        self.part.update(|part| {
            part.zoom = (part.zoom * by).clamp(1.0, MAX_ZOOM);
            if by > 1.0 {
                part.middle = at.unwrap_or(part.middle);
            }
            if part.zoom <= 1.0 {
                part.middle = (WIDTH / 2.0, self.height / 2.0);
            }
        });
    }

    fn whole(self) {
        self.part.set(Part { middle: (WIDTH / 2.0, self.height / 2.0), zoom: 1.0 });
    }

    fn shift(self, x: f64, y: f64) {
        self.part.update(|Part { middle, zoom }| {
            middle.0 = (middle.0 + x * WIDTH / *zoom).clamp(0.0, WIDTH);
            middle.1 = (middle.1 + y * self.height / *zoom).clamp(0.0, self.height);
        });
    }
}

/// The nearest unit in a direction; what lies straight ahead is nearer than what lies aside.
fn next(spots: &[Spot], from: usize, (x, y): Point) -> Option<usize> {
    let here = spots.get(from)?.at;
    let far = |at: Point| {
        let (dx, dy) = (at.0 - here.0, at.1 - here.1);
        let ahead = dx * x + dy * y;
        let aside = (dx * y).abs() + (dy * x).abs();
        (ahead > 0.01 && aside <= ahead).then_some(ahead + 2.0 * aside)
    };
    let others = spots.iter().enumerate().filter_map(|(at, spot)| Some((at, far(spot.at)?)));
    others.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingcha_core::ids::SpaceId;
    use mingcha_core::units::{Place, UnitSummary};

    fn unit(latitude: i32, longitude: i32) -> UnitCoverage {
        let unit = UnitSummary { place: Place::new(latitude, longitude), ..UnitSummary::default() };
        UnitCoverage {
            unit,
            team: SpaceId([1; 16]),
            covered: Covered::Waiting,
            visits: Vec::new(),
            findings: 0,
        }
    }

    #[test]
    fn all_units_lie_inside_the_drawing_with_north_above() {
        let units =
            [unit(39_900_000, 116_400_000), unit(40_000_000, 116_500_000), unit(39_950_000, 116_300_000)];
        let (places, height) = project(&units);
        let places: Vec<Point> = places.into_iter().flatten().collect();
        assert_eq!(places.len(), 3);
        assert!(places.iter().all(|(x, y)| (0.0..=WIDTH).contains(x) && (0.0..=height).contains(y)));
        assert!(places[1].1 < places[0].1, "the northern one is above");
        assert!(places[1].0 > places[2].0, "the eastern one is to the right");
    }

    #[test]
    fn one_unit_alone_is_in_the_middle() {
        let (places, height) = project(&[unit(39_900_000, 116_400_000)]);
        assert_eq!(places, [Some((WIDTH / 2.0, height / 2.0))]);
    }

    #[test]
    fn arrow_keys_lead_to_what_lies_ahead() {
        let spot = |x, y| Spot { at: (x, y), unit: unit(0, 0), label: String::new() };
        let spots = [spot(0.0, 0.0), spot(10.0, 1.0), spot(2.0, 30.0), spot(40.0, 0.0)];
        assert_eq!(next(&spots, 0, (1.0, 0.0)), Some(1));
        assert_eq!(next(&spots, 0, (0.0, 1.0)), Some(2));
        assert_eq!(next(&spots, 0, (-1.0, 0.0)), None);
    }
}
