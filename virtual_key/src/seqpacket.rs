//! Unix sockets that keep the borders of messages.

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketAddrUnix, SocketFlags, SocketType, accept_with,
    bind, listen, recv, send, shutdown, socket_with,
};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One side of a connection. Cheap to clone; `close` ends it for every clone.
#[derive(Clone)]
pub struct Line(Arc<OwnedFd>);

impl Line {
    /// The next message; empty when the other side is gone.
    pub fn hear<'a>(&self, buffer: &'a mut [u8]) -> &'a [u8] {
        match recv(&*self.0, &mut *buffer, RecvFlags::empty()) {
            Ok((length, _)) => &buffer[..length],
            Err(_) => &[],
        }
    }

    pub fn say(&self, message: &[u8]) -> bool {
        send(&*self.0, message, SendFlags::NOSIGNAL).is_ok()
    }

    pub fn close(&self) {
        let _ = shutdown(&*self.0, Shutdown::Both);
    }

    pub fn is(&self, other: &Line) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A door that programs knock at; it goes with its file.
pub struct Door {
    path: PathBuf,
    line: Line,
}

impl Door {
    /// Opens at `path` and gives every visitor a thread of its own.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path, serve: impl Fn(Line) + Clone + Send + 'static) -> io::Result<Door> {
        let _ = std::fs::remove_file(path);
        let socket = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        bind(&socket, &SocketAddrUnix::new(path)?)?;
        listen(&socket, 8)?;
        let line = Line(Arc::new(socket));
        let door = line.clone();
        std::thread::spawn(move || {
            while let Ok(visitor) = accept_with(&*door.0, SocketFlags::CLOEXEC) {
                let serve = serve.clone();
                std::thread::spawn(move || serve(Line(Arc::new(visitor))));
            }
        });
        Ok(Door { path: path.to_owned(), line })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.line.close();
        let _ = std::fs::remove_file(&self.path);
    }
}
