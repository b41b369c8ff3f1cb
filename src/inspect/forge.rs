//! Tiny programs of each format, made for tests: no more in them than what is asked of them. They are the fuzzer's seeds
//! too.

/// The address at which a forged file is loaded.
const BASE: u64 = 0x40_0000;

/// An ELF file for little-endian 64-bit machines.
pub(super) struct Elf<'a> {
    pub machine: u16,
    /// 2 for a program, 3 for what can be loaded anywhere.
    pub kind: u16,
    pub interpreter: Option<&'a str>,
    pub needed: &'a [&'a str],
    /// Each with the library that it is needed of.
    pub versions: &'a [(&'a str, &'a str)],
    pub defines: &'a [&'a str],
    pub runpath: Option<&'a str>,
    pub soname: Option<&'a str>,
    pub go: Option<Vec<u8>>,
}

impl Default for Elf<'_> {
    /// A static program for amd64.
    fn default() -> Self {
        Self {
            machine: 0x3e,
            kind: 2,
            interpreter: None,
            needed: &[],
            versions: &[],
            defines: &[],
            runpath: None,
            soname: None,
            go: None,
        }
    }
}

/// Bytes that grow, and texts in them.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn half(&mut self, number: u16) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn word(&mut self, number: u32) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn long(&mut self, number: u64) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    /// Where the text begins.
    fn text(&mut self, text: &str) -> usize {
        let at = self.0.len();
        self.0.extend(text.as_bytes());
        self.0.push(0);
        at
    }

    fn align(&mut self, to: usize) -> usize {
        self.0.resize(self.0.len().next_multiple_of(to), 0);
        self.0.len()
    }

    fn put_long(&mut self, at: usize, number: usize) {
        self.0[at..at + 8].copy_from_slice(&(number as u64).to_le_bytes());
    }
}

impl Elf<'_> {
    pub(super) fn build(&self) -> Vec<u8> {
        const SEGMENTS: usize = 4;
        let mut file = Bytes::default();
        file.0.extend(b"\x7fELF\x02\x01\x01");
        file.align(16);
        file.half(self.kind).half(self.machine).word(1).long(BASE).long(64).long(0);
        file.word(0).half(64).half(56).half(SEGMENTS as u16).half(64).half(0).half(0);
        file.0.resize(64 + SEGMENTS * 56, 0);
        let interpreter = self.interpreter.map(|path| (file.text(path), path.len() + 1));
        let strings = file.0.len();
        file.0.push(0);
        let string = |file: &mut Bytes, text: &str| (file.text(text) - strings) as u32;
        let mut table: Vec<(u64, u64)> = Vec::new();
        let mut entry = |tag, value: u32| table.push((tag, value.into()));
        for name in self.needed {
            entry(1, string(&mut file, name));
        }
        for (tag, text) in [(14, self.soname), (29, self.runpath)] {
            if let Some(text) = text {
                entry(tag, string(&mut file, text));
            }
        }
        let versions: Vec<_> = self
            .versions
            .iter()
            .map(|(name, version)| (string(&mut file, name), string(&mut file, version)))
            .collect();
        let defines: Vec<_> = self.defines.iter().map(|it| string(&mut file, it)).collect();
        let end_of_strings = file.0.len();
        let needs = file.align(8);
        for (index, (name, version)) in versions.iter().enumerate() {
            let next = if index + 1 == versions.len() { 0 } else { 32 };
            file.half(1).half(1).word(*name).word(16).word(next);
            file.word(0).half(0).half(2).word(*version).word(0);
        }
        let has = file.0.len();
        for (index, name) in defines.iter().enumerate() {
            let next = if index + 1 == defines.len() { 0 } else { 28 };
            file.half(1).half(0).half(1).half(1).word(0).word(20).word(next).word(*name).word(0);
        }
        let dynamic = file.align(16);
        let at = |offset: usize| BASE + offset as u64;
        table.extend([(5, at(strings)), (10, (end_of_strings - strings) as u64)]);
        if !versions.is_empty() {
            table.extend([(0x6fff_fffe, at(needs)), (0x6fff_ffff, versions.len() as u64)]);
        }
        if !defines.is_empty() {
            table.extend([(0x6fff_fffc, at(has)), (0x6fff_fffd, defines.len() as u64)]);
        }
        table.push((0, 0));
        for (tag, value) in &table {
            file.long(*tag).long(*value);
        }
        let end_of_dynamic = file.align(16);
        if let Some(go) = &self.go {
            file.0.extend(go);
        }
        let length = file.0.len();
        let is_dynamic =
            self.interpreter.is_some() || !self.needed.is_empty() || self.soname.is_some();
        let nothing = (0, 0, 0);
        let segments = [
            // Data that can be written begins where Go's block may stand.
            (1, 6, (0, length, end_of_dynamic)),
            (
                if interpreter.is_some() { 3 } else { 0 },
                4,
                interpreter.map_or(nothing, |(at, size)| (at, size, 0)),
            ),
            (if is_dynamic { 2 } else { 0 }, 6, (dynamic, end_of_dynamic - dynamic, 0)),
            (0x6474_e551, 6, nothing),
        ];
        for (index, (kind, flags, (offset, size, _))) in segments.into_iter().enumerate() {
            let mut segment = Bytes::default();
            segment.word(kind).word(flags).long(offset as u64).long(at(offset)).long(at(offset));
            segment.long(size as u64).long(size as u64).long(8);
            file.0[64 + index * 56..64 + (index + 1) * 56].copy_from_slice(&segment.0);
        }
        file.put_long(24, BASE as usize);
        file.0
    }
}

/// Go's block with the texts themselves.
pub(super) fn go_block(version: &str, modules: &str) -> Vec<u8> {
    let framed = [&[b'<'; 16], modules.as_bytes(), &[b'>'; 16]].concat();
    let mut block = b"\xff Go buildinf:\x08\x02".to_vec();
    block.resize(32, 0);
    block.push(u8::try_from(version.len()).unwrap());
    block.extend(version.as_bytes());
    let length = framed.len();
    block.extend([(length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
    block.extend(framed);
    block
}

/// A PE file with one section, in which everything stands: what it imports, and Go's block.
pub(super) struct Pe<'a> {
    pub is_64: bool,
    /// The DLLs, each with its functions; a number is an ordinal.
    pub imports: &'a [(&'a str, &'a [&'a str])],
    pub delayed: &'a [(&'a str, &'a [&'a str])],
    pub is_signed: bool,
    pub go: Option<Vec<u8>>,
}

impl Pe<'_> {
    pub(super) fn build(&self) -> Vec<u8> {
        const START: usize = 0x80;
        const RAW: usize = 0x200;
        const ADDRESS: u32 = 0x1000;
        let optional: usize = if self.is_64 { 112 } else { 96 } + 16 * 8;
        let address = |offset: usize| (offset - RAW) as u32 + ADDRESS;
        let mut file = Bytes(b"MZ".to_vec());
        file.0.resize(60, 0);
        file.word(START as u32);
        file.0.resize(START, 0);
        file.0.extend(b"PE\0\0");
        file.half(if self.is_64 { 0x8664 } else { 0x14c }).half(1).word(0).word(0).word(0);
        file.half(optional as u16).half(0x22);
        let header = file.0.len();
        file.half(if self.is_64 { 0x20b } else { 0x10b });
        file.0.resize(header + if self.is_64 { 24 } else { 28 }, 0);
        if self.is_64 {
            file.long(0x1_4000_0000)
        } else {
            file.word(0x40_0000)
        };
        // Alignments, then the versions of the system and the subsystem, 6.1.
        file.word(0x1000).word(0x200).half(6).half(1).half(0).half(0).half(6).half(1);
        file.word(0).word(0x2000).word(RAW as u32).word(0).half(3).half(0x8160);
        file.0.resize(header + optional - 16 * 8 - 4, 0);
        file.word(16);
        let directories = file.0.len();
        file.0.resize(directories + 16 * 8, 0);
        let section = file.0.len();
        file.0.resize(RAW, 0);
        if let Some(go) = &self.go {
            file.0.extend(go);
        }
        file.align(16);
        for (index, delayed, list) in [(1, false, self.imports), (13, true, self.delayed)] {
            let one = if delayed { 32 } else { 20 };
            let table = file.0.len();
            file.0.resize(table + (list.len() + 1) * one, 0);
            for (number, (name, functions)) in list.iter().enumerate() {
                let name = file.text(name);
                let names: Vec<u64> = functions
                    .iter()
                    .map(|function| match function.parse::<u64>() {
                        Ok(ordinal) => ordinal | 1 << if self.is_64 { 63 } else { 31 },
                        Err(_) => {
                            let hint = file.0.len();
                            file.half(0);
                            file.text(function);
                            address(hint).into()
                        }
                    })
                    .collect();
                let thunks = file.align(8);
                for entry in names.into_iter().chain([0]) {
                    if self.is_64 {
                        file.long(entry)
                    } else {
                        file.word(entry as u32)
                    };
                }
                let mut row = Bytes::default();
                if delayed {
                    row.word(1).word(address(name)).word(0).word(0).word(address(thunks));
                } else {
                    row.word(address(thunks)).word(0).word(0).word(address(name));
                    row.word(address(thunks));
                }
                let at = table + number * one;
                file.0[at..at + row.0.len()].copy_from_slice(&row.0);
            }
            if !list.is_empty() {
                let mut entry = Bytes::default();
                entry.word(address(table)).word((list.len() * one) as u32);
                let at = directories + index * 8;
                file.0[at..at + 8].copy_from_slice(&entry.0);
            }
        }
        let end = file.align(16);
        let mut row = Bytes(b".data\0\0\0".to_vec());
        row.word((end - RAW) as u32).word(ADDRESS).word((end - RAW) as u32).word(RAW as u32);
        row.word(0).word(0).word(0).word(0xc000_0040);
        file.0[section..section + 40].copy_from_slice(&row.0);
        if self.is_signed {
            let mut entry = Bytes::default();
            entry.word(end as u32).word(8);
            file.0[directories + 32..directories + 40].copy_from_slice(&entry.0);
            file.long(0x0002_0200_0000_0008);
        }
        file.0
    }
}

/// A Mach-O program that needs one library, with Go's block and a signature by nobody, or none.
pub(super) fn macho(arch: u32, is_signed: bool, go: &[u8]) -> Vec<u8> {
    const SPACE: usize = 0x400;
    let mut commands = Bytes::default();
    let mut count = 0;
    let mut named = |commands: &mut Bytes, command: u32, more: usize, name: &str| {
        let start = commands.0.len();
        let offset = 12 + more;
        let size = (offset + name.len() + 1).next_multiple_of(8);
        commands.word(command).word(size as u32).word(offset as u32);
        commands.0.resize(start + offset, 0);
        commands.text(name);
        commands.0.resize(start + size, 0);
        count += 1;
    };
    named(&mut commands, 0xe, 0, "/usr/lib/dyld");
    named(&mut commands, 0xc, 12, "/usr/lib/libSystem.B.dylib");
    // The oldest system: macOS 13.0.
    commands.word(0x32).word(24).word(1).word(0x000d_0000).word(0x001a_0200).word(0);
    commands.word(0x1b).word(24).long(0x1122_3344).long(0x5566_7788);
    // One segment with one section: Go's block.
    let size = go.len() as u64;
    commands.word(0x19).word(72 + 80);
    commands.0.extend(b"__DATA\0\0\0\0\0\0\0\0\0\0");
    commands.long(BASE).long(size).long(SPACE as u64).long(size).word(3).word(3).word(1).word(0);
    commands.0.extend(b"__go_buildinfo\0\0__DATA\0\0\0\0\0\0\0\0\0\0");
    commands.long(BASE).long(size).word(SPACE as u32);
    for _ in 0..7 {
        commands.word(0);
    }
    count += 3;
    let signature = signature();
    let at = (SPACE + go.len()).next_multiple_of(16);
    if is_signed {
        commands.word(0x1d).word(16).word(at as u32).word(signature.len() as u32);
        count += 1;
    }
    let mut file = Bytes::default();
    file.word(0xfeed_facf).word(arch).word(0).word(2).word(count);
    file.word(commands.0.len() as u32).word(0x20_0085).word(0);
    file.0.extend(commands.0);
    assert!(file.0.len() <= SPACE);
    file.0.resize(SPACE, 0);
    file.0.extend(go);
    file.0.resize(at, 0);
    if is_signed {
        file.0.extend(signature);
    }
    file.0
}

/// As the linker makes one: a directory of code with a name and nobody's.
fn signature() -> Vec<u8> {
    let mut directory = Vec::new();
    // Magic, length, version, flags (ad hoc, by the linker), and where the hashes and the name stand.
    for number in [0xfade_0c02_u32, 52, 0x2_0001, 0x2_0002, 52, 44, 0, 0, 0, 0x2002_000c, 0] {
        directory.extend(number.to_be_bytes());
    }
    directory.extend(b"a.out\0\0\0");
    let mut signature = Vec::new();
    for number in [0xfade_0cc0_u32, 20 + 52, 1, 0, 20] {
        signature.extend(number.to_be_bytes());
    }
    [signature, directory].concat()
}

/// Programs for several architectures in one file.
pub(super) fn fat(slices: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = Vec::new();
    for number in [0xcafe_babe_u32, slices.len() as u32] {
        file.extend(number.to_be_bytes());
    }
    let mut at = 0x100_u32;
    for (arch, content) in slices {
        for number in [*arch, 0, at, content.len() as u32, 4] {
            file.extend(number.to_be_bytes());
        }
        at = (at + content.len() as u32).next_multiple_of(16);
    }
    for (_, content) in slices {
        let at = file.len().max(0x100).next_multiple_of(16);
        file.resize(at, 0);
        file.extend(content);
    }
    file
}
