//! What a file's rights allow, and what the kernel says of itself: whether a program would be executed, and what it
//! could do.

use std::path::Path;
use std::{fs, io};

use super::Others;

/// Whether the system would execute a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Execution {
    /// As far as rights go.
    Allowed,
    /// Nobody may.
    NoBit,
    /// Others may, and not whoever runs this process.
    NotForUs,
    /// Nothing of its file system is.
    NoExecMount,
}

/// What a file's or folder's rights allow.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rights {
    /// Whether anybody may execute it; of a folder, enter it.
    pub is_executable: bool,
    /// Whether it runs as its owner.
    pub is_setuid: bool,
    /// Whether it runs as its group.
    pub is_setgid: bool,
    /// Whether Linux gives it some of root's powers.
    pub has_capabilities: bool,
    /// Who else may write to it.
    pub others: Option<Others>,
    /// Its owner's number; 0 where there are none.
    pub owner: u32,
}

/// What the kernel says of itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Kernel {
    /// The processor, by the kernel's own name for it: `x86_64`.
    pub machine: Option<String>,
    /// Its version: `6.18.5-1-amd64`.
    pub version: Option<String>,
}

/// Whether the system would execute what stands at `path`, as far as rights go. Windows has no such right that gvm asks
/// for.
///
/// # Errors
/// When it is not there, or cannot be asked.
pub fn execution(path: &Path) -> io::Result<Execution> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if metadata.mode() & 0o111 == 0 {
            return Ok(Execution::NoBit);
        }
        if is_noexec(path) {
            return Ok(Execution::NoExecMount);
        }
        // The kernel says no to both, which is why the mount was asked first.
        if rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_err() {
            return Ok(Execution::NotForUs);
        }
    }
    let _ = metadata;
    Ok(Execution::Allowed)
}

/// Whether nothing of its file system is executed. Linux alone tells.
#[cfg(unix)]
fn is_noexec(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{StatVfsMountFlags, statvfs};
        statvfs(path).is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::NOEXEC))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}

/// What the rights of a file or folder allow; of a link, its own. Windows' access lists are not read here.
///
/// # Errors
/// When it is not there, or cannot be asked.
pub fn rights(path: &Path) -> io::Result<Rights> {
    let metadata = fs::symlink_metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = metadata.mode();
        let is_link = metadata.file_type().is_symlink();
        let others = if is_link { None } else { super::others_who_may_write(path)? };
        Ok(Rights {
            is_executable: mode & 0o111 != 0,
            is_setuid: mode & 0o4000 != 0,
            is_setgid: mode & 0o2000 != 0,
            has_capabilities: metadata.is_file() && has_capabilities(path),
            others,
            owner: metadata.uid(),
        })
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(Rights::default())
    }
}

#[cfg(unix)]
fn has_capabilities(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        let mut value = [0_u8; 64];
        rustix::fs::lgetxattr(path, c"security.capability", &mut value[..]).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}

/// What the kernel says of itself. Asking Windows' takes unsafe code; what this program was built for says enough there.
pub fn kernel() -> Kernel {
    #[cfg(unix)]
    {
        let names = rustix::system::uname();
        let text = |name: &std::ffi::CStr| name.to_str().ok().map(str::to_owned);
        Kernel { machine: text(names.machine()), version: text(names.release()) }
    }
    #[cfg(not(unix))]
    Kernel::default()
}
