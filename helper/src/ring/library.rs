//! A maker's library as a kind of port. It lives in a process of its own (`crate::library`); a place is what it calls a
//! device.

use std::{
    cell::RefCell,
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};

use key::{KeyError, remote::RemoteKey};

use super::{OpenKey, socket::Port};
use crate::library::{Child, ChildLine, Library};

/// A library that failed is left alone for so long.
const REST: Duration = Duration::from_secs(10);

pub struct LibraryKeys {
    library: Library,
    program: PathBuf,
    child: Option<Rc<RefCell<Child>>>,
    failed: Option<(Instant, KeyError)>,
}

impl LibraryKeys {
    pub fn new(library: Library, program: PathBuf) -> Self {
        Self { library, program, child: None, failed: None }
    }

    /// The process of the library: running, or started now.
    fn child(&mut self) -> Result<Rc<RefCell<Child>>, KeyError> {
        if let Some((since, error)) = &self.failed {
            if since.elapsed() < REST {
                return Err(error.clone());
            }
            self.failed = None;
        }
        if let Some(child) = &self.child
            && child.borrow().is_alive()
        {
            return Ok(child.clone());
        }
        let child = Rc::new(RefCell::new(Child::start(&self.program, &self.library)?));
        self.child = Some(child.clone());
        Ok(child)
    }

    fn remember<T>(&mut self, result: Result<T, KeyError>) -> Result<T, KeyError> {
        if let Err(error @ KeyError::Library(_)) = &result {
            self.failed = Some((Instant::now(), error.clone()));
        }
        result
    }
}

impl Port for LibraryKeys {
    fn places(&mut self) -> Result<Vec<String>, KeyError> {
        let places = self.child().and_then(|child| child.borrow_mut().devices());
        self.remember(places)
    }

    fn open(&mut self, place: &str) -> Result<OpenKey, KeyError> {
        let opened = self.child().and_then(|child| {
            let key = child.borrow_mut().open(place)?;
            Ok(OpenKey::Library(RemoteKey(ChildLine::new(child, key))))
        });
        self.remember(opened)
    }
}
