//! Pixels that hang together.

/// One patch of set pixels.
#[derive(Clone, Copy, Debug)]
pub struct Blob {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
    pub area: usize,
    /// The middle of its pixels.
    pub x: f64,
    pub y: f64,
}

impl Blob {
    pub fn width(&self) -> usize {
        self.right - self.left + 1
    }

    pub fn height(&self) -> usize {
        self.bottom - self.top + 1
    }

    /// The part of its bounding box that is set.
    pub fn fill(&self) -> f64 {
        self.area as f64 / (self.width() * self.height()) as f64
    }
}

/// Every patch (eight neighbours), and for each pixel the number of its patch plus one; 0 where nothing is set.
pub fn blobs(set: &[bool], width: usize) -> (Vec<Blob>, Vec<u32>) {
    let height = set.len() / width.max(1);
    let mut labels = vec![0_u32; set.len()];
    let mut found = Vec::new();
    let mut open = Vec::new();
    for start in 0..set.len() {
        if !set[start] || labels[start] != 0 {
            continue;
        }
        let label = found.len() as u32 + 1;
        let (x, y) = (start % width, start / width);
        let mut blob = Blob { left: x, top: y, right: x, bottom: y, area: 0, x: 0.0, y: 0.0 };
        labels[start] = label;
        open.push(start);
        while let Some(here) = open.pop() {
            let (x, y) = (here % width, here / width);
            blob.left = blob.left.min(x);
            blob.right = blob.right.max(x);
            blob.top = blob.top.min(y);
            blob.bottom = blob.bottom.max(y);
            blob.area += 1;
            blob.x += x as f64;
            blob.y += y as f64;
            for near_y in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for near_x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let near = near_y * width + near_x;
                    if set[near] && labels[near] == 0 {
                        labels[near] = label;
                        open.push(near);
                    }
                }
            }
        }
        blob.x /= blob.area as f64;
        blob.y /= blob.area as f64;
        found.push(blob);
    }
    (found, labels)
}
