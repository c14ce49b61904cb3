//! Where things lie: the work tree, what cargo builds, what a run leaves behind.

use std::env;
use std::path::{Path, PathBuf};

/// The work tree and the folder that cargo builds into.
pub struct Place {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Place {
    pub fn here() -> Place {
        // As cargo says it now, not as it was when this was built: clones may share a build folder.
        let ours = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&ours).parent().map(Path::to_path_buf).unwrap_or_default();
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |set| root.join(set));
        Place { root, target }
    }

    /// Everything that a run writes: databases, keys, profiles, logs. Never in the repository.
    pub fn var(&self) -> PathBuf {
        self.root.join("var")
    }

    /// A program of ours, as the last build left it.
    pub fn program(&self, name: &str, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The browser half builds apart, so that two cargo calls never wait for one another's lock.
    pub fn web_target(&self) -> PathBuf {
        self.target.join("web")
    }
}
