//! SKF: helper's ring → a process of the helper → libsoft_skf.so, our soft key behind the functions of GM/T 0016.

use std::{path::Path, process::Command};

use futures::executor::block_on;
use helper::{
    library::{Kind, Library, skf::Decrypt},
    ring::{Places, Ring},
};
use key::{KeyError, serve::Ring as _, soft::Drawer};

use crate::{
    drawer_stand::DrawerStand,
    laws::{self, shelf},
    program::{helper, ours},
};

fn allowed(path: &Path) -> Library {
    let mut library = Library::of(Kind::Skf, path).unwrap();
    library.skf.decrypt = Decrypt::EccDecrypt;
    library
}

fn ring_of(library: Library) -> Ring {
    Ring::of(Places { libraries: vec![library], program: helper(), ..Places::default() })
}

/// The library finds its drawer by the environment, which a process has but one of: the test starts itself again.
const AGAIN: &str = "CERTHALL_SOFT_SKF";

#[test]
fn the_laws_of_a_key_over_skf() {
    if let Some(keys) = std::env::var_os(AGAIN) {
        let library = allowed(&ours("libsoft_skf.so"));
        let places = Places { libraries: vec![library], program: helper(), ..Places::default() };
        return laws::all(&mut DrawerStand::new(shelf(), Drawer::at(keys), "skf", places).slow());
    }
    let dir = shelf();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "soft_skf::the_laws_of_a_key_over_skf", "--nocapture"]);
    let output = again.env(AGAIN, dir.path().join("keys")).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success() && said[0].contains("1 passed"), "{}\n{}", said[0], said[1]);
}

#[test]
fn a_library_that_was_exchanged_or_is_none_is_never_loaded() {
    let dir = shelf();
    let path = dir.path().join("libvendor.so");
    std::fs::copy(ours("libsoft_skf.so"), &path).unwrap();
    let library = allowed(&path);
    assert!(block_on(ring_of(library.clone()).inserted()).is_ok());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.push(0);
    std::fs::write(&path, bytes).unwrap();
    let Err(KeyError::Library(why)) = block_on(ring_of(library).inserted()) else { panic!("loaded") };
    assert!(why.contains("not the file that was allowed"), "{why}");
    std::fs::write(&path, "no library").unwrap();
    assert!(matches!(block_on(ring_of(allowed(&path)).inserted()), Err(KeyError::Library(_))));
    // A library, but none of GM/T 0016.
    let other = allowed(&ours("libvirtual_key_shim.so"));
    let Err(KeyError::Library(why)) = block_on(ring_of(other).inserted()) else { panic!("loaded") };
    assert!(why.contains("GM/T 0016"), "{why}");
}

/// A library in C that does this when it is asked for its devices.
fn vendors(dir: &Path, what: &str) -> Library {
    let (source, path) = (dir.join("vendor.c"), dir.join("libvendor.so"));
    let code = format!(
        "#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n\
         unsigned SKF_EnumDev(unsigned present, char *list, unsigned *size) {{ {what}; *size = 0; return 0; }}\n\
         unsigned SKF_ConnectDev(char *name, void **device) {{ return 0x0A000001; }}\n\
         unsigned SKF_GetDevInfo(void *device, char *info) {{ return 0x0A000001; }}\n"
    );
    std::fs::write(&source, code).unwrap();
    let built = Command::new("cc").arg("-shared").arg("-fPIC").arg("-o").arg(&path).arg(&source).status();
    assert!(built.unwrap().success());
    allowed(&path)
}

/// A fault of this library alone: the soft key beside it is still found.
#[test]
fn a_library_that_crashes_or_hangs_is_an_error_and_never_our_end() {
    for (what, why) in [("abort()", "has crashed"), ("for (;;) pause()", "does not answer")] {
        let dir = shelf();
        let library = vendors(dir.path(), what);
        let Err(KeyError::Library(said)) = block_on(ring_of(library.clone()).inserted()) else {
            panic!("{what}")
        };
        assert!(said.contains(why), "{said}");
        let drawer = Drawer::at(dir.path().join("keys"));
        let serial = drawer.add(None).unwrap();
        drawer.insert(&serial).unwrap();
        let places =
            Places { drawer: Some(drawer), libraries: vec![library], program: helper(), ..Places::default() };
        let names = block_on(Ring::of(places).inserted()).unwrap();
        assert_eq!(names[0].0, format!("soft:{serial}"));
    }
}

#[test]
fn what_a_library_prints_is_not_taken_for_its_answer() {
    let dir = shelf();
    let library = vendors(dir.path(), r#"puts("debug: 1234"); fflush(stdout)"#);
    assert_eq!(block_on(ring_of(library).inserted()), Ok(vec![]));
}
