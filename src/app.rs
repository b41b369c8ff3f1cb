//! [`App`]: what every command gets. Only commands know it.

use std::path::PathBuf;
use std::time::Duration;

use gvm_core::layout::Layout;
use gvm_core::target::Target;
use gvm_core::world::World;
use gvm_shim::world::Machine;

use crate::failure::Failure;
use crate::install::Installer;
use crate::net::{self, Client, Network};
use crate::platform::{self, Modes};
use crate::settings::{BrokenFile, Flags, Settings, root};
use crate::source::Access;
use crate::store::{self, Waiting, staging::Live};
use crate::ui::{Progress, Ui};

/// One call's machine, settings, ROOT and streams.
pub struct App {
    /// The machine as it was when the call began.
    pub machine: Machine,
    /// ROOT.
    pub layout: Layout,
    /// What gvm was told.
    pub settings: Settings,
    /// The streams.
    pub ui: Ui,
    /// This machine's target.
    pub host: Target,
    client: Client,
    progress: Progress,
    live: Live,
    modes: Modes,
    lock_timeout: Option<Duration>,
}

impl App {
    /// Reads the settings and finds ROOT. Nothing is created.
    ///
    /// # Errors
    /// When there is no place for ROOT, its settings file is broken and not told of, or a newer gvm made it.
    pub fn new(
        machine: Machine,
        flags: &Flags,
        ui: Ui,
        live: Live,
        modes: Modes,
        broken_file: BrokenFile,
    ) -> Result<Self, Failure> {
        let layout = root::find(&machine)?;
        store::root::check_format(&layout)?;
        let settings = match broken_file {
            BrokenFile::Refused => Settings::load(&machine, &layout, flags)?,
            BrokenFile::Told => Settings::without_broken_file(&machine, &layout, flags),
        };
        let variable = machine.var_os("NETRC").map(PathBuf::from);
        let network = Network {
            offline: settings.offline.value,
            netrc: net::netrc_file(variable, dirs::home_dir()),
            ..Network::default()
        };
        Ok(Self {
            client: Client::new(network),
            progress: Progress::new(ui),
            host: Target::host(),
            machine,
            layout,
            settings,
            ui,
            live,
            modes,
            lock_timeout: flags.lock_timeout,
        })
    }

    /// What the sources need.
    pub fn access(&self) -> Access<'_> {
        Access { client: &self.client, layout: &self.layout, settings: &self.settings }
    }

    /// What installing needs.
    pub fn installer(&self) -> Installer<'_> {
        Installer {
            access: self.access(),
            host: self.host,
            live: &self.live,
            report: &self.progress,
            lock_timeout: self.lock_timeout,
        }
    }

    /// How locks are waited for.
    pub fn waiting(&self) -> Waiting<'_> {
        Waiting { report: &self.progress, limit: self.lock_timeout }
    }

    /// Who listens to the long half.
    pub fn report(&self) -> &Progress {
        &self.progress
    }

    /// The staging folders of this process.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The modes of new files that the user asked for: a program that this process becomes gets them back.
    pub fn modes(&self) -> Modes {
        self.modes
    }

    /// The working directory.
    ///
    /// # Errors
    /// When it is gone.
    pub fn folder(&self) -> Result<PathBuf, Failure> {
        let gone = || {
            Failure::new(crate::failure::Kind::CouldNot, "the working directory is gone")
                .hint("go to another folder")
        };
        Ok(platform::path(&self.machine.cwd().ok_or_else(gone)?).to_owned())
    }
}
