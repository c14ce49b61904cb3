//! `certhall-helper soft …`: a person's hand at the soft keys.

use std::{
    error::Error,
    io::{Write, stdout},
};

use key::soft::Faults;

use crate::arguments::{Arguments, drawer};

pub fn carry_out(verb: &str, serial: Option<&str>, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let drawer = drawer(arguments.dir.clone())?;
    let mut out = stdout().lock();
    match (verb, serial) {
        ("new", None) => {
            let serial = drawer.add(arguments.serial.as_deref())?;
            if arguments.insert {
                drawer.insert(&serial)?;
            }
            writeln!(out, "{serial}")?;
        }
        ("list", None) => {
            for key in drawer.list()? {
                let port = if key.inserted { "inserted" } else { "removed" };
                let state = if key.finished { "personalised" } else { "blank" };
                writeln!(out, "{}\t{port}\t{state}\t{}", key.serial, key.label)?;
            }
        }
        ("insert", Some(serial)) => drawer.insert(serial)?,
        ("remove", Some(serial)) => drawer.remove(serial)?,
        ("show", Some(serial)) => {
            for line in drawer.journal(serial)? {
                writeln!(out, "{line}")?;
            }
        }
        ("fault", Some(serial)) => {
            let Arguments { remove_after, slow_ms, full, .. } = *arguments;
            drawer.set_faults(serial, Faults { remove_after, slow_ms, full, ..Faults::default() })?;
        }
        _ => {
            return Err("soft new | list | insert SERIAL | remove SERIAL | show SERIAL | fault SERIAL".into());
        }
    }
    Ok(())
}
