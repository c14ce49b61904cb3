//! Pairs of before that come back: each in a container of its own, under a signing pair that was generated for it alone.

use key::{KeyError, key::Slot, signing::Point, skf::blob};

use super::{
    generations,
    key::{SkfKey, bad_envelope},
    symbols::Handle,
};

impl SkfKey {
    /// The container of an encryption pair of before: the generations', the newest first, then what was brought back.
    pub(super) fn past(&mut self, number: u8) -> Result<Handle, KeyError> {
        let generations = self.generations()?.past();
        if let Some(generation) = generations.get(usize::from(number)) {
            return self.container(*generation);
        }
        let place = usize::from(number) - generations.len();
        let brought = self.history()?.into_iter().filter(|container| container.encrypt.is_some());
        brought.map(|container| container.handle).nth(place).ok_or(KeyError::NotFound)
    }

    /// How many encryption pairs of before there are.
    pub(super) fn count_past(&mut self) -> Result<usize, KeyError> {
        let generations = match self.generations() {
            Err(KeyError::NotFound) => return Ok(0),
            generations => generations?.past().len(),
        };
        Ok(generations + self.history()?.iter().filter(|container| container.encrypt.is_some()).count())
    }

    /// The public keys of so many containers that wait for a pair: those that are there, then new ones.
    pub(super) fn prepare(&mut self, pairs: u8) -> Result<Vec<Point>, KeyError> {
        let waiting = self.history()?.into_iter().filter(|container| container.encrypt.is_none());
        let mut points = Vec::new();
        for container in waiting.take(pairs.into()) {
            // One that was cut before its pair was made.
            points.push(match container.sign {
                Some(point) => point,
                None => self.make_named(container.name)?,
            });
        }
        while points.len() < pairs.into() {
            let number = self.generations()?.number_of_next_history();
            match self.make_named(generations::history_name(&self.habits.container, number)) {
                Ok(point) => points.push(point),
                // What there is room for is something.
                Err(KeyError::NoRoom) if !points.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(points)
    }

    pub(super) fn bring(&mut self, place: &Point, enveloped: &[u8]) -> Result<(), KeyError> {
        let blob = blob::envelope(enveloped, self.habits.private_key).ok_or(KeyError::BadEnvelope)?;
        let brought = blob::enveloped_point(&blob).ok_or(KeyError::BadEnvelope)?;
        if self.point(Slot::Encrypt) == Ok(brought) || self.past_points()?.contains(&brought) {
            return Ok(());
        }
        let mut waiting = self.history()?.into_iter().filter(|container| container.encrypt.is_none());
        let waiting =
            waiting.find(|container| container.sign == Some(*place)).ok_or(KeyError::BadEnvelope)?;
        self.library.import_pair(waiting.handle, &blob).map_err(bad_envelope)
    }

    pub(super) fn past_points(&mut self) -> Result<Vec<Point>, KeyError> {
        (0..self.count_past()?).map(|number| self.point(Slot::PastEncrypt(number as u8))).collect()
    }

    fn history(&mut self) -> Result<Vec<Container>, KeyError> {
        let numbers = self.generations()?.history().to_vec();
        let mut all = Vec::new();
        for number in numbers {
            let name = generations::history_name(&self.habits.container, number);
            let handle = self.named(name.clone())?;
            let (sign, encrypt) = (self.found(handle, true)?, self.found(handle, false)?);
            all.push(Container { name, handle, sign, encrypt });
        }
        Ok(all)
    }

    fn found(&self, container: Handle, sign: bool) -> Result<Option<Point>, KeyError> {
        match self.point_in(container, sign) {
            Ok(point) => Ok(Some(point)),
            Err(KeyError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// For one pair of before.
struct Container {
    name: String,
    handle: Handle,
    sign: Option<Point>,
    /// There once the pair has come.
    encrypt: Option<Point>,
}
