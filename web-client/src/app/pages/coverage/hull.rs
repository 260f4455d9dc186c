//! The outline of points: the smallest shape without dents around all of them.

/// A point of the drawing.
pub type Point = (f64, f64);

/// The corners of the outline in order, each once.
pub fn hull(points: &[Point]) -> Vec<Point> {
    let mut points = points.to_vec();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut outline = half(points.iter().copied());
    outline.pop();
    let mut back = half(points.iter().rev().copied());
    back.pop();
    outline.append(&mut back);
    outline
}

/// One side of the outline, from the first point to the last.
fn half(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut side: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = side.as_slice() {
            if turn(*a, *b, point) > 0.0 {
                break;
            }
            side.pop();
        }
        side.push(point);
    }
    side
}

/// Above zero when the way from `a` by `b` to `c` turns in the direction of the outline.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_is_no_corner() {
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (2.0, 2.0), (2.0, 0.0)];
        let mut corners = hull(&square);
        corners.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
        assert_eq!(corners, [(0.0, 0.0), (0.0, 4.0), (4.0, 0.0), (4.0, 4.0)]);
    }

    #[test]
    fn few_points_and_points_in_a_line_have_an_outline_too() {
        assert_eq!(hull(&[]), []);
        assert_eq!(hull(&[(1.0, 1.0), (1.0, 1.0)]), [(1.0, 1.0)]);
        assert_eq!(hull(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]).len(), 2);
    }
}
