//! Events as bars on a terminal, and as plain lines elsewhere.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Ui, size};
use crate::report::{Event, Report};

/// Draws what is reported.
pub struct Progress {
    ui: Ui,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// Draws on this ui's terminal.
    pub fn new(ui: Ui) -> Self {
        Self { ui, bar: Mutex::new(None) }
    }

    fn start(&self, verb: &str, name: &str, total: Option<u64>, already: u64) {
        if !self.ui.draws() {
            let size = total.map(|total| format!(" ({})", size::human(total))).unwrap_or_default();
            self.ui.note(&format!("{verb} {name}{size}"));
            return;
        }
        let template = if total.is_some() {
            "{prefix:.bold} {msg}  {bar:24}  {decimal_bytes}/{decimal_total_bytes}  \
             {decimal_bytes_per_sec}  {eta}"
        } else {
            "{prefix:.bold} {msg}  {decimal_bytes}  {decimal_bytes_per_sec}"
        };
        let style = ProgressStyle::with_template(template);
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10))
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_prefix(verb.to_owned())
            .with_message(name.to_owned());
        bar.set_position(already);
        bar.enable_steady_tick(Duration::from_millis(200));
        self.replace(Some(bar));
    }

    fn replace(&self, bar: Option<ProgressBar>) {
        let mut current = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(old) = current.take() {
            old.finish_and_clear();
        }
        *current = bar;
    }

    /// Does something to the bar that is drawn, if one is.
    fn with_bar(&self, act: impl FnOnce(&ProgressBar)) {
        let bar = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = bar.as_ref() {
            act(bar);
        }
    }

    /// Says a line without tearing the bar.
    fn between(&self, say: impl FnOnce()) {
        let bar = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match bar.as_ref() {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }
}

impl Report for Progress {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::DownloadStarted { name, total, already } => {
                self.start("Downloading", name, total, already);
            }
            Event::UnpackStarted { name, total } => self.start("Unpacking", name, total, 0),
            Event::Received(bytes) | Event::Written(bytes) => self.with_bar(|bar| bar.inc(bytes)),
            Event::DownloadDone | Event::UnpackDone => self.replace(None),
            Event::Retrying { url, why, wait } => self.between(|| {
                let seconds = wait.as_secs_f32();
                self.ui.note(&format!("{url}: {why}; trying again in {seconds:.1} s"));
            }),
            Event::Waiting { what, owner } => self.between(|| {
                let owner = owner.map(|id| format!(" (process {id})")).unwrap_or_default();
                self.ui.note(&format!("Waiting for another gvm{owner} that is working on {what}"));
            }),
            Event::Warning(text) => self.between(|| self.ui.warn(text)),
            Event::Detail(text) => self.between(|| self.ui.detail(text)),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.replace(None);
    }
}
