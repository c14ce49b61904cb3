//! Each way, set up: what must run around it, the channel itself, and a key at the other end that can be put back to where
//! its certificates are not written yet.

use super::measure::{by_turns, timed};
use crate::{Failure, Plan};
use certificate::{KeyPair, envelope};
use futures::executor::block_on;
use getrandom::SysRng;
use helper::library::skf::{Decrypt, Habits, Skf};
use helper::library::{Kind, Library};
use helper::ring::{CardChannel, HidPipe, OpenKey, Places, Ring};
use key::Pin;
use key::channel::Channel;
use key::key::Key;
use key::message::{KeyRef, NameParts};
use key::production::{install, personalise};
use key::session::ApduKey;
use key::soft::Drawer;
use key::tape::Tape;
use key::wire::Wire;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const SERIAL: &str = "SKBENCH001";
const NONCE: &str = "00112233445566778899aabbccddeeff";
pub const SIGNS: usize = 300;
pub const WRITES: usize = 100;

/// Programs that a way needs, for as long as this lives.
pub struct Around {
    programs: Vec<Child>,
    pub environment: Vec<(String, String)>,
}

impl Drop for Around {
    fn drop(&mut self) {
        for mut program in self.programs.drain(..).rev() {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// In memory, so that no disk is measured.
pub fn shelf() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

fn ours(name: &str) -> Result<PathBuf, Failure> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.exists() { Ok(path) } else { Err(format!("{} is not built", path.display()).into()) }
}

pub fn set_up(way: &str, dir: &Path, keys: &Path) -> Result<Around, Failure> {
    let drawer = Drawer::at(keys);
    drawer.add(Some(SERIAL))?;
    drawer.insert(SERIAL)?;
    let mut around = Around { programs: Vec::new(), environment: Vec::new() };
    let mut device = Command::new(ours("virtual-key")?);
    device.stdin(Stdio::piped()).stdout(Stdio::piped());
    match way {
        "hid" => device.arg("--drawer").arg(keys).arg("--ports").arg(dir.join("ports")),
        "card" => {
            let mut service = Command::new("pcscd");
            service.arg("--foreground").stdout(Stdio::null()).stderr(Stdio::null());
            around.programs.push(service.spawn()?);
            std::thread::sleep(Duration::from_secs(1));
            device.arg("card").arg("--drawer").arg(keys)
        }
        _ => return Ok(around),
    };
    let mut device = device.spawn()?;
    let mut said = String::new();
    BufReader::new(device.stdout.take().ok_or("no pipe")?).read_line(&mut said)?;
    around.programs.push(device);
    if way == "hid" {
        let settings = said.split_whitespace().filter_map(|word| word.split_once('='));
        around.environment.extend(settings.map(|(name, value)| (name.into(), value.into())));
        let preload = format!("{}:libumockdev-preload.so.0", ours("libvirtual_key_shim.so")?.display());
        around.environment.push(("LD_PRELOAD".into(), preload));
    } else {
        // A reader is looked into every 400 ms.
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(around)
}

pub fn measure_here(plan: &Plan, way: &str, keys: &Path) -> Result<(), Failure> {
    let drawer = Drawer::at(keys);
    match way {
        "soft" => over(plan, way, keys, drawer.open(SERIAL)?),
        "card" => {
            let context = pcsc::Context::establish(pcsc::Scope::User)?;
            let reader = context.list_readers_owned()?.into_iter().next().ok_or("no reader")?;
            over(plan, way, keys, CardChannel::open(&context, &reader.to_string_lossy())?)
        }
        "hid" => {
            let mut api = hidapi::HidApi::new()?;
            // Announced a moment after the program is ready.
            for _ in 0..100 {
                if api.device_list().next().is_some() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(30));
                api.refresh_devices()?;
            }
            let device = api.device_list().next().ok_or("no device")?;
            let pipe = HidPipe::open(&api, &device.path().to_string_lossy())?;
            over(plan, way, keys, block_on(Wire::open(pipe, [7; 8]))?)
        }
        _ => over_skf(plan, keys),
    }
}

fn over<C: Channel>(plan: &Plan, way: &str, keys: &Path, channel: C) -> Result<(), Failure> {
    let tape = Tape::of(channel);
    let mut key = block_on(ApduKey::open(tape.clone()))?;
    let goods = Goods::make(&mut key, keys)?;
    tape.take();
    block_on(goods.write(&mut key))?;
    let written = tape.take();
    let (sign, write) = (format!("key_sign_{way}"), format!("key_write_{way}"));
    let bare = async || Ok(tape.play(&written).await?);
    by_turns(
        plan,
        &write,
        WRITES,
        || goods.rewind(),
        async || timed(async || goods.write(&mut key).await).await,
        async || timed(bare).await,
    )?;
    tape.take();
    block_on(key.sign(b"a statement"))?;
    let signed = tape.take();
    let bare = async || Ok(tape.play(&signed).await?);
    let ours = async || timed(async || Ok(key.sign(b"a statement").await.map(drop)?)).await;
    by_turns(plan, &sign, SIGNS, || Ok(()), ours, async || timed(bare).await)
}

fn over_skf(plan: &Plan, keys: &Path) -> Result<(), Failure> {
    let path = ours("libsoft_skf.so")?;
    let mut library = Library::of(Kind::Skf, &path)?;
    library.skf.decrypt = Decrypt::EccDecrypt;
    let program = ours("certhall-helper")?;
    let mut ring = Ring::of(Places { libraries: vec![library], program, ..Places::default() });
    let mut key: OpenKey = block_on(ring.take(&KeyRef(format!("skf:{SERIAL}"))))?;
    let goods = Goods::make(&mut key, keys)?;
    // Without the process around it.
    let mut bare = Skf::load(&path, Habits { decrypt: Decrypt::EccDecrypt, ..Habits::default() })?;
    let mut bare = bare.open(&hex::encode(SERIAL))?;
    block_on(bare.verify_pin(key::key::PinKind::User, &pin()))?;
    let ours = async || timed(async || goods.write(&mut key).await).await;
    let peer = async || timed(async || goods.write(&mut bare).await).await;
    by_turns(plan, "key_write_skf", WRITES, || goods.rewind(), ours, peer)?;
    let ours = async || timed(async || Ok(key.sign(b"a statement").await.map(drop)?)).await;
    let peer = async || timed(async || Ok(bare.sign(b"a statement").await.map(drop)?)).await;
    by_turns(plan, "key_sign_skf", SIGNS, || Ok(()), ours, peer)
}

fn pin() -> Pin {
    Pin::new("Kx7-uQ92")
}

/// What an office would send to this key, and the key's memory just before.
pub struct Goods {
    pub sign_certificate: Vec<u8>,
    pub encrypt_certificate: Vec<u8>,
    pub enveloped: Vec<u8>,
    file: PathBuf,
    before: Vec<u8>,
}

impl Goods {
    pub fn make(key: &mut impl Key, keys: &Path) -> Result<Goods, Failure> {
        let subject =
            NameParts { country: "CN".into(), common_name: "示例科技".into(), ..NameParts::default() };
        let admin = Pin::new("ADMINADMIN234567");
        let made = block_on(personalise(key, "示例科技", &admin, &pin(), &subject, NONCE))?;
        let request = certificate::Request::verify(&made.request).map_err(|error| error.to_string())?;
        let signing = certificate::PublicKey::from_spki_der(&request.spki)?;
        let pair = KeyPair::generate(&mut SysRng)?;
        let enveloped = envelope::seal(&pair, &signing, envelope::Layout::Bytes32, &mut SysRng)?;
        let file = keys.join(format!("{SERIAL}.softkey"));
        let before = std::fs::read(&file)?;
        Ok(Goods {
            sign_certificate: stand_in(&signing),
            encrypt_certificate: stand_in(&pair.public_key()),
            enveloped,
            file,
            before,
        })
    }

    async fn write(&self, key: &mut impl Key) -> Result<(), Failure> {
        Ok(install(key, &self.sign_certificate, &self.encrypt_certificate, &self.enveloped).await?)
    }

    pub fn rewind(&self) -> Result<(), Failure> {
        Ok(std::fs::write(&self.file, &self.before)?)
    }
}

/// As long as a certificate of ours (some 900 octets) and with the key in its place: a key checks no more of it.
fn stand_in(key: &certificate::PublicKey) -> Vec<u8> {
    use key::der::{element, sequence};
    let names =
        sequence(&[&element(0x31, &sequence(&[&element(0x06, &[0x55, 4, 3]), &element(0x0C, b"a")]))]);
    let dates = sequence(&[&element(0x17, b"260101000000Z"), &element(0x17, b"270101000000Z")]);
    let algorithm = sequence(&[&element(0x06, &[0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x75])]);
    let extensions = element(0xA3, &[0; 640]);
    let parts: [&[u8]; 7] =
        [&element(0x02, &[1]), &algorithm, &names, &dates, &names, &key.to_spki_der(), &extensions];
    sequence(&[&sequence(&parts), &algorithm, &element(0x03, &[0; 73])])
}
