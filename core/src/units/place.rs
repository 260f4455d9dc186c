//! Where a unit is, in whole numbers, so that all devices reckon alike.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Micro-degrees to the north pole.
const POLE: i32 = 90_000_000;
/// Micro-degrees half around the world.
const HALF: i32 = 180_000_000;
/// How long a micro-degree of a meridian is, in metres.
const METRES: f64 = 0.111_194_926_6;

/// A place on earth (WGS 84), in millionths of a degree.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
pub struct Place {
    /// To the north; negative to the south.
    #[n(0)]
    pub latitude: i32,
    /// To the east; negative to the west.
    #[n(1)]
    pub longitude: i32,
}

impl Place {
    /// A place, if there is one so far north and east.
    #[must_use]
    pub fn new(latitude: i32, longitude: i32) -> Option<Self> {
        let exists = (-POLE..=POLE).contains(&latitude) && (-HALF..=HALF).contains(&longitude);
        exists.then_some(Self { latitude, longitude })
    }

    /// About how many metres away another place is: exact enough within a city, and a fair order beyond it.
    ///
    /// Only with additions, multiplications and a root, which give the same on every machine.
    #[must_use]
    pub fn metres_to(self, other: Self) -> u32 {
        let north = f64::from(self.latitude) - f64::from(other.latitude);
        let mut east = (f64::from(self.longitude) - f64::from(other.longitude)).abs();
        if east > f64::from(HALF) {
            east = 2.0 * f64::from(HALF) - east;
        }
        let middle = (f64::from(self.latitude) + f64::from(other.latitude)) / 2.0;
        let east = east * cosine(middle / 1e6 * (core::f64::consts::PI / 180.0));
        ((north * north + east * east).sqrt() * METRES) as u32
    }
}

/// The cosine of an angle of at most a right angle, by the first terms of its series.
fn cosine(angle: f64) -> f64 {
    let square = angle * angle;
    let series = [1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0];
    series.into_iter().fold(0.0, |sum, factor| sum * square + factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(latitude: i32, longitude: i32) -> Place {
        Place::new(latitude, longitude).expect("on earth")
    }

    #[test]
    fn distances_are_right_to_the_hundredth() {
        let luoyang = place(34_619_700, 112_454_000);
        for (other, metres) in [
            (luoyang, 0),
            (place(34_629_700, 112_454_000), 1_112),
            (place(34_619_700, 112_464_000), 915),
            (place(34_747_200, 113_625_300), 108_070),
        ] {
            let found = luoyang.metres_to(other);
            assert!(found.abs_diff(metres) <= 1 + metres / 100, "{found} instead of {metres}");
            assert_eq!(found, other.metres_to(luoyang));
        }
    }

    #[test]
    fn the_date_line_is_no_wall() {
        assert!(place(0, 179_999_000).metres_to(place(0, -179_999_000)) < 300);
    }

    #[test]
    fn beyond_the_poles_there_is_nothing() {
        assert_eq!(Place::new(90_000_001, 0), None);
        assert_eq!(Place::new(0, -180_000_001), None);
        assert_eq!(Place::new(i32::MIN, i32::MIN), None);
    }
}
