//! What comes from the system: installed by apt where that is ours to do, otherwise asked for.

use crate::command::{ask, present, run};
use std::process::Command;

/// A program (or fonts) and the Debian package that brings it.
#[derive(Clone, Copy)]
pub struct Part {
    package: &'static str,
    /// The program that shows it is there; `None` asks dpkg.
    program: Option<&'static str>,
    why: &'static str,
}

pub const COMPILER: Part = Part { package: "gcc", program: Some("cc"), why: "links programs" };
pub const CPP_COMPILER: Part = Part { package: "g++", program: Some("c++"), why: "builds libFuzzer" };
pub const CHROMIUM: Part =
    Part { package: "chromium", program: Some("chromium"), why: "the browser of the walks" };
pub const FIREFOX: Part =
    Part { package: "firefox-esr", program: Some("firefox-esr"), why: "the other browser of the walks" };
pub const PINENTRY: Part =
    Part { package: "pinentry-gtk2", program: Some("pinentry-gtk-2"), why: "the helper's window for PINs" };
pub const XVFB: Part =
    Part { package: "xvfb", program: Some("Xvfb"), why: "a screen for that window in tests" };
pub const XDOTOOL: Part =
    Part { package: "xdotool", program: Some("xdotool"), why: "a keyboard for that screen" };
pub const DPKG: Part = Part { package: "dpkg", program: Some("dpkg-deb"), why: "packs the helper" };
pub const FONTS: Part =
    Part { package: "fonts-noto-cjk", program: None, why: "Chinese characters on pages and pictures" };
pub const OPENSSL: Part =
    Part { package: "openssl", program: Some("openssl"), why: "the independent judge of certificates" };
pub const LIBCRYPTO: Part =
    Part { package: "libssl-dev", program: None, why: "the judge of everything under China's SM2 identity" };
pub const CFSSL: Part =
    Part { package: "golang-cfssl", program: Some("cfssl"), why: "the authority that ours is compared with" };
pub const SOFTHSM: Part =
    Part { package: "softhsm2", program: Some("softhsm2-util"), why: "the device behind PKCS#11 in tests" };
pub const POPPLER: Part =
    Part { package: "poppler-utils", program: Some("pdftoppm"), why: "prints our PDFs to pixels in tests" };
pub const NODE: Part = Part { package: "npm", program: Some("npm"), why: "runs the browser walks" };

pub const MAKE: Part = Part { package: "make", program: Some("make"), why: "builds a kernel" };
pub const FLEX: Part = Part { package: "flex", program: Some("flex"), why: "the same" };
pub const BISON: Part = Part { package: "bison", program: Some("bison"), why: "the same" };
pub const BC: Part = Part { package: "bc", program: Some("bc"), why: "the same" };
pub const KERNEL_SOURCE: Part = Part {
    package: "linux-source-6.12",
    program: None,
    why: "a kernel with USB ports of its own, for the laws of a key",
};
pub const BUSYBOX: Part =
    Part { package: "busybox", program: Some("busybox"), why: "that kernel is ended by it" };

pub const PCSC: Part =
    Part { package: "libpcsclite-dev", program: None, why: "the helper reaches smart card readers by it" };
pub const PKG_CONFIG: Part = Part {
    package: "pkg-config",
    program: Some("pkg-config"),
    why: "finds the library of smart card readers",
};
pub const PCSCD: Part =
    Part { package: "pcscd", program: Some("pcscd"), why: "the service of smart card readers, for tests" };
pub const VIRTUAL_READER: Part =
    Part { package: "vsmartcard-vpcd", program: None, why: "a smart card reader in software, for tests" };
pub const UMOCKDEV: Part =
    Part { package: "umockdev", program: Some("umockdev-wrapper"), why: "shows soft keys as USB devices" };
pub const FAKETIME: Part = Part {
    package: "libfaketime",
    program: None,
    why: "an office of last year, for walks with an old certificate",
};
pub const UMOCKDEV_FOR_PYTHON: Part = Part {
    package: "gir1.2-umockdev-1.0",
    program: None,
    why: "the same, for the script that plugs and unplugs them",
};
pub const GI_FOR_PYTHON: Part = Part { package: "python3-gi", program: None, why: "the same" };

pub fn install(wanted: &[Part]) -> Result<(), String> {
    let missing: Vec<Part> = wanted.iter().copied().filter(|part| !part.there()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for part in &missing {
        println!("prepare: missing {}: {}", part.package, part.why);
    }
    let packages: Vec<&str> = missing.iter().map(|part| part.package).collect();
    let root = ask("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !(root && present("apt-get")) {
        return Err(format!(
            "Please install these and start again: {}\n    on Debian or Ubuntu: sudo apt-get install {}",
            packages.join(", "),
            packages.join(" ")
        ));
    }
    println!("prepare: apt-get install {} (about a minute)", packages.join(" "));
    run(apt().args(["update", "-qq"]))?;
    run(apt().args(["install", "-qq", "-y", "--no-install-recommends"]).args(&packages))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

impl Part {
    fn there(self) -> bool {
        match self.program {
            Some(program) => present(program),
            // Where there is no dpkg there is no way to ask: take it as present, the pages show boxes if it is not.
            None => {
                !present("dpkg-query")
                    || ask("dpkg-query", &["-W", "-f=${db:Status-Status}", self.package])
                        .is_some_and(|status| status == "installed")
            }
        }
    }
}
