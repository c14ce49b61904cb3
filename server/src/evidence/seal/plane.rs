//! A plane seen at a slant: from millimetres on the sheet to pixels of the picture (a homography).

/// Row by row; the last of the nine is one.
#[derive(Clone, Copy, Debug)]
pub struct Plane([f64; 8]);

impl Plane {
    /// The one that takes these four points to those; `None` where three of them lie on a line.
    pub fn through(from: [(f64, f64); 4], to: [(f64, f64); 4]) -> Option<Plane> {
        let mut rows = [[0.0; 9]; 8];
        for (index, ((x, y), (u, v))) in from.into_iter().zip(to).enumerate() {
            rows[2 * index] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
            rows[2 * index + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
        }
        solve(rows).map(Plane)
    }

    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f, g, h] = self.0;
        let depth = g * x + h * y + 1.0;
        ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)
    }

    /// Pixels to a millimetre, here, along x and along y.
    pub fn scale(&self, x: f64, y: f64) -> (f64, f64) {
        let here = self.at(x, y);
        let far = |(u, v): (f64, f64)| (u - here.0).hypot(v - here.1);
        (far(self.at(x + 1.0, y)), far(self.at(x, y + 1.0)))
    }
}

/// Gauss with pivots.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot = (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-9 {
            return None;
        }
        rows.swap(column, pivot);
        let top = rows[column];
        for (index, row) in rows.iter_mut().enumerate() {
            if index == column {
                continue;
            }
            let factor = row[column] / top[column];
            for (cell, above) in row.iter_mut().zip(top).skip(column) {
                *cell -= factor * above;
            }
        }
    }
    let mut solution = [0.0; 8];
    for (index, cell) in solution.iter_mut().enumerate() {
        *cell = rows[index][8] / rows[index][index];
    }
    Some(solution)
}
